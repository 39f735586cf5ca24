import type { ManifestRevision } from "@/lib/serving/manifest-input";
import type { ClusterEndpoint, ClusterRevision } from "./cluster-endpoint";

/** What is known of a revision in the cluster. */
export type Condition = {
  /** Everything that was asked for is there: it may get requests for the first time. */
  readonly isLoaded: boolean;
  /** At least one replica answers: it may keep the requests that it has. */
  readonly answers: boolean;
};

type Known = {
  readonly conditionOf: (revision: string) => Condition;
  /** Share that each revision was given last, in per cent. */
  readonly before: Readonly<Record<string, number>>;
};

/**
 * The revisions of an endpoint with the share of the requests of each: 100 in all, or 0 while nothing can answer. A revision gets its
 * first share only when it is loaded. A serving revision keeps its share when it stops answering, since nobody decided to go back; a
 * canary does not. Until the revision that is to serve is loaded, the one before it serves on, under its own contract.
 */
export function sharesOf({ serving, warm, canary }: ClusterEndpoint, known: Known): readonly ManifestRevision[] {
  if (serving === null) return [];
  const { conditionOf, before } = known;
  const nameOf = ({ identity }: ClusterRevision) => identity.revision;
  const had = (revision: ClusterRevision) => (before[nameOf(revision)] ?? 0) > 0;
  const takes = (revision: ClusterRevision) => had(revision) || conditionOf(nameOf(revision)).isLoaded;

  const isWarmFirst = warm !== null && !takes(serving) && takes(warm);
  const [first, second] = isWarmFirst ? [warm, serving] : [serving, warm];
  const total = takes(first) ? 100 : 0;
  const isCanaryUp =
    canary !== null &&
    (conditionOf(nameOf(canary.revision)).isLoaded ||
      (had(canary.revision) && conditionOf(nameOf(canary.revision)).answers));
  const percent = isCanaryUp && total > 0 && !isWarmFirst ? canary.percent : 0;
  return [
    { role: "serving", percent: total - percent, shadow: false, ...first },
    ...(canary ? [{ role: "canary" as const, percent, shadow: canary.shadow && isCanaryUp, ...canary.revision }] : []),
    ...(second ? [{ role: "warm" as const, percent: 0, shadow: false, ...second }] : []),
  ];
}
