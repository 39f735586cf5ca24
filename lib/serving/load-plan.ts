import { holdsRate } from "@/lib/serving/feasibility";
import type { LoadCurve, LoadStep } from "@/lib/serving/load-curve";

export type LoadPlan = {
  /** The promised ceiling in requests per second: one step is exactly there. Null: there is none. */
  readonly ceiling: number | null;
  /** The promised p99 in milliseconds; four times it is beyond the knee. Null: one second is. */
  readonly p99Ms: number | null;
};

export const MAX_STEPS = 10;
const FIRST_RATE = 20;
/** Below the ceiling there are three steps: an eighth, a quarter and a half of it. */
const BELOW_CEILING = 8;
/** More than one generator can send from the same machine without taking what is measured. */
const HIGHEST_RATE = 10_000;
const LOWEST_RATE = 1;
/** Two rates nearer than this are one rate. */
const NEAR = 1.35;

/** Why a step is beyond the knee, in words; null: it is not. */
export function kneeReason(step: LoadStep, { p99Ms }: LoadPlan): string | null {
  const limit = p99Ms === null ? 1000 : 4 * p99Ms;
  const { latencyMs, achievedPerSecond, offeredPerSecond, n } = step;
  if (achievedPerSecond < 0.95 * offeredPerSecond) {
    return `Only ${round(achievedPerSecond)} of ${round(offeredPerSecond)} requests/s were answered.`;
  }
  if (latencyMs && latencyMs.p99 > limit) {
    return `p99 ${round(latencyMs.p99)} ms at ${round(offeredPerSecond)} requests/s is above ${round(limit)} ms.`;
  }
  const lost = step.errors + step.timeouts + step.rejected;
  return holdsRate(step)
    ? null
    : `${lost} of ${n} requests at ${round(offeredPerSecond)}/s had no answer of the model.`;
}

/**
 * The next rate to offer, in requests per second; null: the curve is done. Rates double until one is beyond the knee; the ceiling is
 * measured in any case; what steps are left narrow the knee down.
 */
export function nextRate(steps: readonly LoadStep[], plan: LoadPlan): number | null {
  const { ceiling } = plan;
  if (steps.length === 0) return ceiling === null ? FIRST_RATE : round(Math.max(LOWEST_RATE, ceiling / BELOW_CEILING));
  if (steps.length >= MAX_STEPS) return null;
  const rates = steps.map(({ offeredPerSecond }) => offeredPerSecond);
  const broken = Math.min(...steps.filter((step) => kneeReason(step, plan)).map((step) => step.offeredPerSecond));
  const highest = Math.max(...rates);
  if (!Number.isFinite(broken)) return rising(highest, ceiling);
  if (ceiling !== null && highest < ceiling) return ceiling;
  const held = Math.max(...rates.filter((rate) => rate < broken));
  if (!Number.isFinite(held)) return broken / 2 >= LOWEST_RATE ? round(broken / 2) : null;
  return broken / held > NEAR ? round(Math.sqrt(broken * held)) : null;
}

function rising(highest: number, ceiling: number | null): number | null {
  const doubled = round(2 * highest);
  // Within a fifth of the ceiling: exactly there, and not beside it.
  if (ceiling !== null && highest < ceiling) return doubled > 0.8 * ceiling ? ceiling : doubled;
  return doubled > HIGHEST_RATE ? null : doubled;
}

/** The highest rate that held below the first that did not; null: all held. */
export function kneeOf(steps: readonly LoadStep[], plan: LoadPlan): LoadCurve["knee"] {
  const sorted = [...steps].sort((a, b) => a.offeredPerSecond - b.offeredPerSecond);
  const at = sorted.findIndex((step) => kneeReason(step, plan) !== null);
  const broken = sorted[at];
  if (!broken) return null;
  return { perSecond: sorted[at - 1]?.offeredPerSecond ?? 0, reason: kneeReason(broken, plan) ?? "" };
}

const round = (value: number) => Number(value.toPrecision(3));
