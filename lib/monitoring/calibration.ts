import type { Outcomes } from "@/lib/monitoring/discrimination";
import type { Interval } from "@/lib/monitoring/intervals";
import { normalCdf, Z95 } from "@/lib/monitoring/special-functions";

/** `Outcomes` of one score (or of a narrow bucket) with the sum of the scores. */
export type ScoredOutcomes = Outcomes & { readonly scoreSum: number };

export type CalibrationBin = { readonly n: number; readonly observed: number; readonly expected: number };

export type Calibration = Interval & {
  /** Expected calibration error: mean over bins of |observed - expected|, weighted by rows. */
  readonly ece: number;
  /** Positives over the sum of scores: above 1, the model says too little. */
  readonly observedToExpected: number;
  readonly bins: readonly CalibrationBin[];
};

type Bin = { n: number; positive: number; scoreSum: number; errorSquares: number };

/**
 * Calibration error over ten bins of equal count, with ties kept together (bin = mid-rank of the score). The plain estimate is biased
 * upwards and a percentile bootstrap breaches perfect models; the interval is [e - b2 - 1.96 SE, e - b1 + 1.96 SE], with b1 the
 * folded-normal bias at each bin's gap and b2 the same at the gap shrunk by its variance (coverage .93 to .99, low end above the truth
 * in at most 4 % of samples). Null without labelled rows.
 */
export function calibrationOf(groups: readonly ScoredOutcomes[]): Calibration | null {
  const bins = equalCountBins(groups, 10);
  const n = bins.reduce((sum, bin) => sum + bin.n, 0);
  if (n === 0) return null;
  const gaps = bins.map((bin) => gapOf(bin, n));
  const ece = gaps.reduce((sum, g) => sum + g.weight * Math.abs(g.gap), 0);
  const error = Math.sqrt(gaps.reduce((sum, g) => sum + g.weight ** 2 * g.variance, 0));
  const b1 = gaps.reduce((sum, g) => sum + g.weight * folded(Math.abs(g.gap), Math.sqrt(g.variance)), 0) - ece;
  const b2 = gaps.reduce((sum, g) => {
    const shrunk = Math.sqrt(Math.max(g.gap ** 2 - g.variance, 0));
    return sum + g.weight * (folded(shrunk, Math.sqrt(g.variance)) - shrunk);
  }, 0);
  return {
    ece,
    low: Math.max(0, ece - b2 - Z95 * error),
    high: Math.max(0, ece - b1 + Z95 * error),
    observedToExpected: total(bins, "positive") / total(bins, "scoreSum"),
    bins: bins.map((bin) => ({ n: bin.n, observed: bin.positive / bin.n, expected: bin.scoreSum / bin.n })),
  };
}

const total = (bins: readonly Bin[], key: "positive" | "scoreSum") => bins.reduce((sum, bin) => sum + bin[key], 0);

function equalCountBins(groups: readonly ScoredOutcomes[], count: number): Bin[] {
  const n = groups.reduce((sum, g) => sum + g.positive + g.negative, 0);
  const bins = Array.from({ length: count }, (): Bin => ({ n: 0, positive: 0, scoreSum: 0, errorSquares: 0 }));
  let seen = 0;
  for (const { positive, negative, scoreSum } of groups) {
    const size = positive + negative;
    if (size === 0) continue;
    const bin = bins[Math.min(count - 1, Math.floor((count * (seen + size / 2)) / n))];
    const score = scoreSum / size;
    seen += size;
    if (!bin) continue;
    bin.n += size;
    bin.positive += positive;
    bin.scoreSum += scoreSum;
    bin.errorSquares += positive * (1 - score) ** 2 + negative * score ** 2;
  }
  return bins.filter((bin) => bin.n > 0);
}

/** Gap observed - expected of a bin, the variance of that mean, and the bin's share of all rows. */
function gapOf({ n, positive, scoreSum, errorSquares }: Bin, all: number) {
  const gap = (positive - scoreSum) / n;
  const variance = n > 1 ? Math.max(0, (errorSquares - n * gap * gap) / (n - 1)) / n : 0;
  return { gap, variance, weight: n / all };
}

/** Mean of |X| for X ~ N(mean, sd). */
function folded(mean: number, sd: number): number {
  if (sd === 0) return Math.abs(mean);
  const spread = sd * Math.sqrt(2 / Math.PI) * Math.exp((-mean * mean) / (2 * sd * sd));
  return spread + mean * (1 - 2 * normalCdf(-mean / sd));
}
