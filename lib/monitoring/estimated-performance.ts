/**
 * Performance without labels, by confidence (CBPE, after NannyML): if a calibrated probability is right on average, it says how many
 * positives to expect among rows of that score, and with them every metric. Known only by score bucket of .001, which costs at most
 * about 1e-4. It is an estimate under an assumption, never evidence for a clause.
 */

/** Probability of the positive class by score: linear between the points, level beyond them. Scores ascend. */
export type Calibrator = { readonly score: readonly number[]; readonly probability: readonly number[] };

/** Rows scored in a bucket of width .001: number b holds scores in [b / 1000, (b + 1) / 1000). */
export type ScoredBucket = { readonly bucket: number; readonly scored: number };

export type EstimatedPerformance = {
  readonly n: number;
  /** Null where no pair of a positive and a negative is expected. */
  readonly auc: number | null;
  readonly accuracy: number;
  readonly brier: number;
  readonly logLoss: number;
  /** Null where neither a positive decision nor a positive case is expected. */
  readonly f1: number | null;
};

/** What whoever reads the estimate must know. */
export const ESTIMATE_LIMITS = [
  "It assumes that a score still means the probability that it meant in the labelled sample: it cannot see a calibration breach.",
  "It cannot see concept drift: the same features leading to other outcomes.",
  "Where rows come from a region that the sample hardly held, it extrapolates.",
] as const;

/** The calibrated probability of a score. */
export function calibrated({ score, probability }: Calibrator, at: number): number {
  const next = firstAtLeast(score, at);
  if (next === score.length) return probability.at(-1) ?? at;
  const [x1 = 0, y1 = 0] = [score[next], probability[next]];
  if (next === 0) return y1;
  const [x0 = 0, y0 = 0] = [score[next - 1], probability[next - 1]];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}

/** Index of the first of ascending values that is at least `at`; their number if there is none. */
function firstAtLeast(values: readonly number[], at: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Expected AUC, accuracy, Brier score, log loss (nats) and F1 of rows by their scores. `threshold`: from this score on the decision is
 * yes. Null without rows.
 */
export function estimatePerformance(
  buckets: readonly ScoredBucket[],
  calibrator: Calibrator,
  threshold: number,
): EstimatedPerformance | null {
  const rows = buckets
    .filter(({ scored }) => scored > 0)
    .map(({ bucket, scored }) => {
      const score = (bucket + 0.5) / 1000;
      return { n: scored, score, p: calibrated(calibrator, score) };
    });
  return estimateRows(rows, threshold);
}

type ScoredRow = { readonly n: number; readonly score: number; readonly p: number };

/** The same of rows (or groups of `n`) with their score and calibrated probability. */
export function estimateRows(rows: readonly ScoredRow[], threshold: number): EstimatedPerformance | null {
  const n = sum(rows, (row) => row.n);
  if (n === 0) return null;
  const yes = rows.filter(({ score }) => score >= threshold);
  const positives = sum(rows, (row) => row.n * row.p);
  const tp = sum(yes, (row) => row.n * row.p);
  const fp = sum(yes, (row) => row.n * (1 - row.p));
  const tn = n - positives - fp;
  const cases = tp + fp + positives;
  return {
    n,
    auc: expectedAuc(rows),
    accuracy: (tp + tn) / n,
    brier: sum(rows, ({ n: k, score, p }) => k * ((score - p) ** 2 + p * (1 - p))) / n,
    logLoss: sum(rows, ({ n: k, score, p }) => k * crossEntropy(p, score)) / n,
    f1: cases === 0 ? null : (2 * tp) / cases,
  };
}

function sum(rows: readonly ScoredRow[], of: (row: ScoredRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

/** Nats lost by saying `score` where the probability is p; scores clipped at 1e-7 as everywhere. */
function crossEntropy(p: number, score: number): number {
  const said = Math.min(1 - 1e-7, Math.max(1e-7, score));
  return -(p * Math.log(said) + (1 - p) * Math.log(1 - said));
}

/** Expected share of pairs in order, rows of the same probability counting half. */
function expectedAuc(rows: readonly ScoredRow[]): number | null {
  const groups = new Map<number, { positive: number; negative: number }>();
  for (const { n, p } of rows) {
    const group = groups.get(p) ?? { positive: 0, negative: 0 };
    group.positive += n * p;
    group.negative += n * (1 - p);
    groups.set(p, group);
  }
  const ascending = [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
  let below = 0;
  let pairs = 0;
  let positives = 0;
  for (const { positive, negative } of ascending) {
    pairs += positive * (below + negative / 2);
    below += negative;
    positives += positive;
  }
  return positives * below > 0 ? pairs / (positives * below) : null;
}
