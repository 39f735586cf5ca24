/**
 * Which partitions fit on one GPU together. A partition takes consecutive memory slices (of 8) from one of a few starts, and compute
 * slices (of 7): the placements that `nvidia-smi mig -lgipp` lists. For an empty GPU the search over them is exact. For a GPU with
 * partitions in use it is necessary and not sufficient: what it still takes depends on where they lie, and a cluster does not say.
 */

/** What a profile takes, whatever the size of the GPU's memory. */
export type MigSlices = {
  readonly compute: number;
  /** Of 8; consecutive. */
  readonly memory: number;
  /** Memory slices that an instance may begin at. */
  readonly starts: readonly number[];
  /** Holds the media engines, which a GPU has once. */
  readonly media: boolean;
};

export const COMPUTE_SLICES = 7;
const MEMORY_SLICES = 8;

/** Slices by the compute part of a profile and whether its memory is doubled; NVIDIA's placements of A100, H100 and H200. */
export const MIG_SLICES = {
  "1g": { compute: 1, memory: 1, starts: [0, 1, 2, 3, 4, 5, 6], media: false },
  "1g.me": { compute: 1, memory: 1, starts: [0, 1, 2, 3, 4, 5, 6], media: true },
  "1g.double": { compute: 1, memory: 2, starts: [0, 2, 4, 6], media: false },
  "2g": { compute: 2, memory: 2, starts: [0, 2, 4], media: false },
  "3g": { compute: 3, memory: 4, starts: [0, 4], media: false },
  "4g": { compute: 4, memory: 4, starts: [0], media: false },
  "7g": { compute: 7, memory: 8, starts: [0], media: false },
} as const satisfies Readonly<Record<string, MigSlices>>;
export type MigKind = keyof typeof MIG_SLICES;

/** An instance and the memory slice that it begins at. */
export type MigPlacement = { readonly kind: MigKind; readonly start: number };

/**
 * Places instances of these kinds on one empty GPU, by exhaustive search (at most 7 instances). @returns where each begins, in order of
 * their starts; null: they do not fit together, whatever their order.
 */
export function packMig(kinds: readonly MigKind[]): readonly MigPlacement[] | null {
  if (sum(kinds, "compute") > COMPUTE_SLICES || sum(kinds, "memory") > MEMORY_SLICES) return null;
  if (kinds.filter((kind) => MIG_SLICES[kind].media).length > 1) return null;
  // The largest first: they have the fewest starts.
  const ordered = [...kinds].sort((a, b) => MIG_SLICES[b].memory - MIG_SLICES[a].memory);
  const placed = place(ordered, 0);
  return placed && [...placed].sort((a, b) => a.start - b.start);
}

/** `taken`: a bit for each memory slice. */
function place([kind, ...rest]: readonly MigKind[], taken: number): readonly MigPlacement[] | null {
  if (kind === undefined) return [];
  const { memory, starts } = MIG_SLICES[kind];
  for (const start of starts) {
    const slices = ((1 << memory) - 1) << start;
    const others = (taken & slices) === 0 ? place(rest, taken | slices) : null;
    if (others) return [{ kind, start }, ...others];
  }
  return null;
}

function sum(kinds: readonly MigKind[], what: "compute" | "memory"): number {
  return kinds.reduce((total, kind) => total + MIG_SLICES[kind][what], 0);
}

/** How many instances of one kind an empty GPU takes. */
export function mostOf(kind: MigKind): number {
  let count = 0;
  while (packMig(Array.from({ length: count + 1 }, () => kind))) count += 1;
  return count;
}
