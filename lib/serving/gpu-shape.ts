import type { GpuShape } from "@/lib/contracts/document";
import { COMPUTE_SLICES, MIG_SLICES, type MigKind, mostOf, packMig } from "@/lib/serving/mig-packing";

/** Which shares of a GPU there are, what Kubernetes calls them, and what they hold. Profiles: mig-parted's table of NVIDIA's products. */

export type MigProfile = {
  /** In the spelling of a resource: `1g.10gb`, `1g.10gb.me`. */
  readonly name: string;
  readonly kind: MigKind;
  /** Of an instance, in GB as NVIDIA rounds it. */
  readonly memoryGb: number;
};

export type GpuProduct = {
  readonly name: string;
  readonly memoryGb: number;
  readonly profiles: readonly MigProfile[];
};

/** Memory in GB of an instance by kind; `media`: whether it has a profile with the media engines. */
function profilesOf(gb: { one: number; double: number; half: number; whole: number; media: boolean }): MigProfile[] {
  const profile = (compute: number, memoryGb: number, kind: MigKind, suffix = ""): MigProfile => ({
    name: `${compute}g.${memoryGb}gb${suffix}`,
    kind,
    memoryGb,
  });
  return [
    profile(1, gb.one, "1g"),
    ...(gb.media ? [profile(1, gb.one, "1g.me", ".me")] : []),
    profile(1, gb.double, "1g.double"),
    profile(2, gb.double, "2g"),
    profile(3, gb.half, "3g"),
    profile(4, gb.half, "4g"),
    profile(7, gb.whole, "7g"),
  ];
}

const EIGHTY = profilesOf({ one: 10, double: 20, half: 40, whole: 80, media: true });

/** Products that can be partitioned, the smallest first. */
export const GPU_PRODUCTS: readonly GpuProduct[] = [
  {
    name: "A100 40GB",
    memoryGb: 40,
    profiles: profilesOf({ one: 5, double: 10, half: 20, whole: 40, media: true }),
  },
  { name: "A100 80GB", memoryGb: 80, profiles: EIGHTY },
  { name: "H100 80GB", memoryGb: 80, profiles: EIGHTY },
  {
    name: "H100 NVL 94GB",
    memoryGb: 94,
    profiles: profilesOf({ one: 12, double: 24, half: 47, whole: 94, media: false }),
  },
  {
    name: "H200 141GB",
    memoryGb: 141,
    profiles: profilesOf({ one: 18, double: 35, half: 71, whole: 141, media: true }),
  },
];

/** Products that have a profile of this name; empty: no GPU has it. */
export function productsWith(profile: string): readonly GpuProduct[] {
  return GPU_PRODUCTS.filter(({ profiles }) => profiles.some(({ name }) => name === profile));
}

/** What one replica asks a cluster for: an extended resource (device plugin, strategy `mixed`) and how many of it. */
export type GpuRequest = { readonly resource: string; readonly count: number };

export function gpuRequestOf(shape: GpuShape): GpuRequest {
  if (shape.kind === "whole") return { resource: "nvidia.com/gpu", count: shape.count };
  if (shape.kind === "time_sliced") return { resource: "nvidia.com/gpu.shared", count: 1 };
  return { resource: `nvidia.com/mig-${shape.profile}`, count: 1 };
}

/** GPUs of a replica, as a share of compute slices; of a time-sliced one it cannot be told: null. */
export function gpuShareOf(shape: GpuShape): number | null {
  if (shape.kind === "whole") return shape.count;
  if (shape.kind === "time_sliced") return null;
  const kind = productsWith(shape.profile)[0]?.profiles.find(({ name }) => name === shape.profile)?.kind;
  return kind ? shareOf(kind) : null;
}

const shareOf = (kind: MigKind) => MIG_SLICES[kind].compute / COMPUTE_SLICES;

/** A partition that holds a model, and how many of it one GPU of the product takes. */
export type ShapeOffer = {
  readonly product: string;
  readonly profile: string;
  readonly memoryGb: number;
  readonly perGpu: number;
  /** Of the GPU's compute slices. */
  readonly share: number;
  /** Memory slices that the instances begin at, on an otherwise empty GPU. */
  readonly starts: readonly number[];
};

/** The smallest partition of each product that holds so much memory; a product that is too small gives none. */
export function shapesFor(memoryGb: number): readonly ShapeOffer[] {
  return GPU_PRODUCTS.flatMap((product) => {
    const profile = product.profiles.find((each) => each.kind !== "1g.me" && each.memoryGb >= memoryGb);
    if (!profile) return [];
    const perGpu = mostOf(profile.kind);
    const placed = packMig(Array.from({ length: perGpu }, () => profile.kind)) ?? [];
    const { name, memoryGb: holds } = profile;
    const starts = placed.map(({ start }) => start);
    const share = shareOf(profile.kind);
    return [{ product: product.name, profile: name, memoryGb: holds, perGpu, share, starts }];
  });
}
