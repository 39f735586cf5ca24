import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";

type Quantities = Readonly<Record<string, unknown>>;

export type NodeFact = {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly allocatable?: Quantities };
};

export type ContainerFact = {
  readonly image?: string;
  readonly resources?: { readonly limits?: Quantities; readonly requests?: Quantities };
};

export type PodFact = {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly ContainerFact[];
    readonly initContainers?: readonly ContainerFact[];
  };
  readonly status?: { readonly phase?: string };
};

const PRODUCT_LABEL = "nvidia.com/gpu.product";
const GPU = /^(?:nvidia\.com\/(?:gpu(?:\.shared)?|mig-[a-z0-9.]+)|amd\.com\/gpu|gpu\.intel\.com\/(?:i915|xe))$/;

type Share = {
  readonly name: string;
  readonly product: string | null;
  readonly allocatable: number;
  readonly free: number;
};

/**
 * GPUs and slices of GPUs of a cluster by name and product, with what of them no pod has asked for. A node that takes no more pods has
 * nothing free.
 */
export function gpuResources(
  nodes: readonly NodeFact[],
  pods: readonly PodFact[],
): ClusterCapabilities["gpuResources"] {
  const asked = askedByNode(pods);
  const shares = nodes.flatMap((node) => sharesOf(node, asked.get(node.metadata.name) ?? []));
  const sum = new Map<string, Share>();
  for (const share of shares) {
    const key = `${share.name} ${share.product ?? ""}`;
    const before = sum.get(key) ?? { ...share, allocatable: 0, free: 0 };
    sum.set(key, {
      ...before,
      allocatable: before.allocatable + share.allocatable,
      free: before.free + share.free,
    });
  }
  return [...sum].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, share]) => share);
}

function sharesOf({ metadata, spec, status }: NodeFact, pods: readonly PodFact[]): Share[] {
  const product = metadata.labels?.[PRODUCT_LABEL] ?? null;
  return Object.entries(status?.allocatable ?? {}).flatMap(([name, quantity]) => {
    const allocatable = countOf(quantity);
    if (!GPU.test(name) || allocatable === 0) return [];
    const used = pods.reduce((total, pod) => total + askedOf(pod, name), 0);
    return [{ name, product, allocatable, free: spec?.unschedulable ? 0 : Math.max(0, allocatable - used) }];
  });
}

/** Pods that are over have given back what they had. */
function askedByNode(pods: readonly PodFact[]): Map<string, PodFact[]> {
  const found = new Map<string, PodFact[]>();
  for (const pod of pods) {
    const { nodeName } = pod.spec ?? {};
    if (nodeName === undefined || pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") continue;
    found.set(nodeName, [...(found.get(nodeName) ?? []), pod]);
  }
  return found;
}

/** Init containers run one after the other, the others at once. */
function askedOf({ spec = {} }: PodFact, name: string): number {
  const of = (container: ContainerFact) =>
    countOf(container.resources?.limits?.[name] ?? container.resources?.requests?.[name]);
  const together = (spec.containers ?? []).reduce((total, each) => total + of(each), 0);
  return Math.max(together, ...(spec.initContainers ?? []).map(of));
}

/** GPUs and slices of any kind that a container asks for. */
export function gpusOf({ resources = {} }: ContainerFact): number {
  const all = Object.entries({ ...resources.requests, ...resources.limits });
  return all.reduce((total, [name, quantity]) => total + (GPU.test(name) ? countOf(quantity) : 0), 0);
}

/** Extended resources are whole numbers. */
function countOf(quantity: unknown): number {
  const count = Number(quantity ?? 0);
  return Number.isInteger(count) && count > 0 ? count : 0;
}
