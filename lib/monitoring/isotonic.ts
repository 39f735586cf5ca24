import type { BaselinePayload } from "@/lib/monitoring/baseline";

type Calibrator = NonNullable<BaselinePayload["calibrator"]>;

/** More points than this say nothing more: neighbours are dropped evenly. */
const MOST_POINTS = 2000;

type Block = { sum: number; n: number; from: number; to: number };

/**
 * Isotonic regression of labels (0 or 1) on scores by pooling adjacent violators, as scikit-learn's IsotonicRegression: rows of one score
 * are one point, a block that is flat keeps its two ends, between points the fit is linear. Not empty.
 */
export function isotonic(scores: ArrayLike<number>, labels: ArrayLike<number>): Calibrator {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0),
  );
  const blocks: Block[] = [];
  for (const i of order) {
    const [score, label] = [scores[i] ?? 0, labels[i] ?? 0];
    const last = blocks.at(-1);
    if (last && last.to === score && last.from === score) {
      last.sum += label;
      last.n++;
    } else blocks.push({ sum: label, n: 1, from: score, to: score });
  }
  const pooled: Block[] = [];
  for (const block of blocks) {
    let merged = block;
    for (let last = pooled.at(-1); last && last.sum * merged.n >= merged.sum * last.n; last = pooled.at(-1)) {
      pooled.pop();
      merged = { sum: last.sum + merged.sum, n: last.n + merged.n, from: last.from, to: merged.to };
    }
    pooled.push(merged);
  }
  return points(thinned(pooled));
}

function thinned(blocks: readonly Block[]): readonly Block[] {
  const step = Math.ceil((2 * blocks.length) / MOST_POINTS);
  return blocks.filter((_, i) => i % step === 0 || i === blocks.length - 1);
}

function points(blocks: readonly Block[]): Calibrator {
  const ends = blocks.flatMap(({ from, to, sum, n }) =>
    (from === to ? [from] : [from, to]).map((score) => ({ score, probability: sum / n })),
  );
  return { score: ends.map(({ score }) => score), probability: ends.map(({ probability }) => probability) };
}
