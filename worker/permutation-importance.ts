import type { BaselinePayload } from "@/lib/monitoring/baseline";
import type { Scorer } from "./score-rows";

type Importance = NonNullable<BaselinePayload["importance"]>;

const MOST_ROWS = 20_000;
/** Rows scored in all, so that a model of many features ends too; fewer rows each then. */
const MOST_SCORED = 4_000_000;
const LEAST_ROWS = 500;

/**
 * How much the log loss (nats) grows when the values of one feature are shuffled among the rows, feature by feature (Breiman 2001). The
 * shuffle has a fixed seed: the same files give the same numbers.
 */
export async function permutationImportance(
  scorer: Scorer,
  columns: ReadonlyMap<string, Float32Array>,
  labels: Float32Array,
): Promise<Importance> {
  const most = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(MOST_SCORED / columns.size)));
  const step = Math.max(1, Math.ceil(labels.length / most));
  const kept = labels.filter((_, i) => i % step === 0);
  const sample = new Map([...columns].map(([name, values]) => [name, values.filter((_, i) => i % step === 0)]));
  const whole = logLoss(await scorer.score(sample, kept.length), kept);
  const order = shuffled(kept.length);
  const found: Importance = [];
  for (const [feature, values] of sample) {
    const broken = new Map(sample).set(
      feature,
      values.map((_, i) => values[order[i] ?? i] ?? Number.NaN),
    );
    found.push({ feature, value: logLoss(await scorer.score(broken, kept.length), kept) - whole });
  }
  return found;
}

function logLoss(scores: Float32Array, labels: Float32Array): number {
  const sum = scores.reduce((total, score, i) => {
    const p = Math.min(1 - 1e-7, Math.max(1e-7, score));
    return total - (labels[i] === 1 ? Math.log(p) : Math.log1p(-p));
  }, 0);
  return sum / scores.length;
}

/** Fisher and Yates with a fixed 32-bit generator. */
function shuffled(n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  let state = 1;
  for (let i = n - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const j = Math.floor(((state >>> 0) / 2 ** 32) * (i + 1));
    const [a, b] = [order[i] ?? 0, order[j] ?? 0];
    order[i] = b;
    order[j] = a;
  }
  return order;
}
