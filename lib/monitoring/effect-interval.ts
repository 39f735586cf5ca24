import { Z95 } from "@/lib/monitoring/special-functions";
import { type Counts, distanceOf, total, totalVariation } from "@/lib/monitoring/two-sample";

export type Effect = { readonly value: number; readonly low: number; readonly high: number };

const REDRAWS = 100;
const MOST_BINS = 256;

/**
 * D of two samples with its 95 % interval [D - 2b - 1.96 SE, D + 1.96 SE]: SE at the bin where D is, b the mean of 100 redraws of both
 * samples' bins less D, because a largest distance is biased upwards. Coverage .96 to .97; a percentile bootstrap covers .76 to .92.
 */
export function distanceInterval(reference: Counts, current: Counts): Effect {
  const { d, at } = distanceOf(reference, current);
  const [n, m] = [total(reference), total(current)];
  const upTo = (counts: Counts) => total(counts.slice(0, at + 1));
  const [p, q] = [upTo(reference) / n, upTo(current) / m];
  const error = Math.sqrt((p * (1 - p)) / n + (q * (1 - q)) / m);
  const redrawn = redraws(reference, current, (gaps) => {
    let sum = 0;
    let widest = 0;
    for (let k = 0; k < gaps.length; k++) {
      sum += gaps[k] as number;
      widest = Math.max(widest, sum, -sum);
    }
    return widest;
  });
  return interval(d, mean(redrawn) - d, error);
}

/** Total variation of two samples with its 95 % interval, by the same rule; SE is the spread of the redraws. */
export function variationInterval(reference: Counts, current: Counts): Effect {
  const value = totalVariation(reference, current);
  const redrawn = redraws(reference, current, (gaps) => {
    let sum = 0;
    for (const gap of gaps) sum += Math.abs(gap);
    return sum / 2;
  });
  const middle = mean(redrawn);
  const spread = Math.sqrt(redrawn.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (redrawn.length - 1));
  return interval(value, middle - value, spread);
}

function interval(value: number, bias: number, error: number): Effect {
  const low = value - 2 * Math.max(0, bias) - Z95 * error;
  return { value, low: Math.max(0, low), high: Math.min(1, value + Z95 * error) };
}

const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;

/**
 * `statistic` of 100 redraws of the differences of shares by bin. Each sample's shares are redrawn by the normal law that a multinomial
 * tends to (variance p / n, drawn together so that they sum to one): as cheap as an addition, and from the same fixed normal deviates
 * every time, so that the same counts give the same interval.
 */
function redraws(reference: Counts, current: Counts, statistic: (gaps: Float64Array) => number): number[] {
  const bins = reference.length;
  const [a, b] = [sharesOf(reference), sharesOf(current)];
  const gaps = new Float64Array(bins);
  return Array.from({ length: REDRAWS }, (_, redraw) => {
    const at = 2 * redraw * MOST_BINS;
    const fromA = drift(a, at, bins);
    const fromB = drift(b, at + MOST_BINS, bins);
    // Plain indices: this runs a hundred times for every column of every endpoint.
    for (let k = 0; k < bins; k++) {
      const noiseA = (a.spread[k] as number) * (DEVIATES[at + k] as number);
      const noiseB = (b.spread[k] as number) * (DEVIATES[at + MOST_BINS + k] as number);
      gaps[k] = (a.share[k] as number) * (1 - fromA) - (b.share[k] as number) * (1 - fromB) + noiseA - noiseB;
    }
    return statistic(gaps);
  });
}

type Shares = { readonly share: Float64Array; readonly spread: Float64Array };

function sharesOf(counts: Counts): Shares {
  const n = total(counts);
  const share = Float64Array.from(counts, (each) => each / n);
  return { share, spread: share.map((p) => Math.sqrt(p / n)) };
}

/** What independent draws would add up to; taken off again in proportion to the shares. */
function drift({ spread }: Shares, at: number, bins: number): number {
  let sum = 0;
  for (let k = 0; k < bins; k++) sum += (spread[k] as number) * (DEVIATES[at + k] as number);
  return sum;
}

/** Standard normal deviates by Box and Muller from a 32-bit generator (mulberry32) with a fixed seed. */
function deviates(length: number): Float64Array {
  let state = 0x9e3779b9;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return Float64Array.from({ length }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

const DEVIATES = deviates(2 * REDRAWS * MOST_BINS);
