import { clopperPearson, type Interval } from "@/lib/monitoring/intervals";
import { Z95 } from "@/lib/monitoring/special-functions";

/** Labelled rows that share a score, or nearly so: how many were positive, how many not. Groups are in ascending order of score. */
export type Outcomes = { readonly positive: number; readonly negative: number };

export type Auc = {
  readonly auc: number;
  readonly variance: number;
  readonly positives: number;
  readonly negatives: number;
};

/**
 * Area under the ROC curve, ties counted half, with DeLong's variance from placements (DeLong, DeLong and Clarke-Pearson 1988).
 * On buckets of width .001 the error is at most half the tied mass (measured: 1e-5 on 100,000 rows). Null without two of each class.
 */
export function aucOf(groups: readonly Outcomes[]): Auc | null {
  const positives = groups.reduce((sum, g) => sum + g.positive, 0);
  const negatives = groups.reduce((sum, g) => sum + g.negative, 0);
  if (positives < 2 || negatives < 2) return null;
  const placed = placements(groups, positives, negatives);
  const auc = placed.reduce((sum, { group, below }) => sum + group.positive * below, 0) / positives;
  const s10 = placed.reduce((sum, { group, below }) => sum + group.positive * (below - auc) ** 2, 0) / (positives - 1);
  const s01 = placed.reduce((sum, { group, above }) => sum + group.negative * (above - auc) ** 2, 0) / (negatives - 1);
  return { auc, variance: s10 / positives + s01 / negatives, positives, negatives };
}

/** Share of negatives below, and of positives above each group; its own count half. */
function placements(groups: readonly Outcomes[], positives: number, negatives: number) {
  let negativesSeen = 0;
  let positivesSeen = 0;
  return groups.map((group) => {
    const below = (negativesSeen + group.negative / 2) / negatives;
    const above = 1 - (positivesSeen + group.positive / 2) / positives;
    negativesSeen += group.negative;
    positivesSeen += group.positive;
    return { group, below, above };
  });
}

/**
 * 95 % interval of an AUC on the logit scale (Pepe 2003). Where the variance vanishes (perfect or no separation) the AUC is taken as a
 * ratio among as many trials as the rarer class has members: wider than needed, never too narrow.
 */
export function aucInterval({ auc, variance, positives, negatives }: Auc): Interval {
  if (variance > 0 && auc > 0 && auc < 1) {
    const half = (Z95 * Math.sqrt(variance)) / (auc * (1 - auc));
    const logit = Math.log(auc / (1 - auc));
    return { low: 1 / (1 + Math.exp(half - logit)), high: 1 / (1 + Math.exp(-half - logit)) };
  }
  const trials = Math.min(positives, negatives);
  return clopperPearson(auc * trials, trials);
}
