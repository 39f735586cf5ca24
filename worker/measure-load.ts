import { setTimeout as pause } from "node:timers/promises";
import type { LoadCurve, LoadStep } from "@/lib/serving/load-curve";
import { kneeOf, kneeReason, type LoadPlan, MAX_STEPS, nextRate } from "@/lib/serving/load-plan";
import type { Canary } from "./canary";
import { type LoadGenerator, startGenerator } from "./load-generator";
import { toStep } from "./load-summary";
import { cpuSecondsOf } from "./this-machine";

const CONNECTIONS = 128;
const WARM_UP = { perSecond: 50, seconds: 1, graceMs: 1000 } as const;
const STEP_SECONDS = 1.8;
const CEILING_SECONDS = 3;
const GRACE_MS = 1000;
/** Repeats that one curve may cost. */
const REPEATS = 4;
const SETTLE_LIMIT_MS = 4000;
/** From this share of one core on, the model itself keeps the machine busy. */
const MODEL_BUSY = 0.8;

/** What else runs here kept the generator from offering what it should: nothing follows for the model. */
export class MachineBusy extends Error {}

type Measured = Pick<LoadCurve, "steps" | "knee">;
type Options = {
  readonly canary: Canary;
  readonly bodies: readonly string[];
  readonly plan: LoadPlan;
  /** Whether a step keeps every promise of the contract. */
  readonly keeps: (step: LoadStep) => boolean;
  /** Told before each step. */
  readonly onStep: (step: number, steps: number, text: string) => Promise<void>;
  readonly signal: AbortSignal;
};

/**
 * Offers rising rates to the copy until beyond the knee, one of them exactly the ceiling. A step beyond the knee, or up to the ceiling
 * and not as promised, is measured again (four times in all) and the best is kept: what else runs on the machine for a moment is not
 * the model's fault, and what it is able to do is asked.
 * @throws MachineBusy when a step up to the ceiling is not as promised and the generator itself was late, though the model was not busy
 * @throws Error when `signal` fires
 */
export async function measureLoad(options: Options): Promise<Measured> {
  const { canary, bodies, plan, onStep } = options;
  const { port, path, token } = canary;
  const generator = await startGenerator({ port, path, token, bodies, connections: CONNECTIONS });
  try {
    await generator.run(WARM_UP);
    const steps: LoadStep[] = [];
    let repeats = REPEATS;
    for (let rate = nextRate(steps, plan); rate !== null; rate = nextRate(steps, plan)) {
      await onStep(steps.length + 1, MAX_STEPS, `${rate} requests/s`);
      const found = await bestOf(generator, rate, repeats, options);
      repeats -= found.repeats;
      if (found.disturbed !== null && rate <= (plan.ceiling ?? rate)) throw new MachineBusy(found.disturbed);
      steps.push(found.step);
      if (kneeReason(found.step, plan)) await settle(generator, options.signal);
    }
    steps.sort((a, b) => a.offeredPerSecond - b.offeredPerSecond);
    return { steps, knee: kneeOf(steps, plan) };
  } finally {
    await generator.stop();
  }
}

/** A rate, measured again while the result is poor; `disturbed` is told of a poor result only. */
async function bestOf(generator: LoadGenerator, perSecond: number, repeatsLeft: number, options: Options) {
  const { canary, plan, keeps, signal } = options;
  const isPoor = (step: LoadStep) =>
    kneeReason(step, plan) !== null || (perSecond <= (plan.ceiling ?? 0) && !keeps(step));
  let best = await measureStep(generator, canary, perSecond, plan);
  signal.throwIfAborted();
  let repeats = 0;
  for (const most = Math.min(repeatsLeft, perSecond === plan.ceiling ? 2 : 1); repeats < most; repeats++) {
    if (!isPoor(best.step)) break;
    await settle(generator, signal);
    const again = await measureStep(generator, canary, perSecond, plan);
    signal.throwIfAborted();
    if (better(best.step, again.step, plan) === again.step) best = again;
  }
  return { step: best.step, disturbed: isPoor(best.step) ? best.disturbed : null, repeats };
}

type MeasuredStep = {
  readonly step: LoadStep;
  /** Why a poor result says nothing of the model, in words; null: it does. */
  readonly disturbed: string | null;
};

async function measureStep(
  generator: LoadGenerator,
  canary: Canary,
  perSecond: number,
  plan: LoadPlan,
): Promise<MeasuredStep> {
  const seconds = perSecond === plan.ceiling ? CEILING_SECONDS : STEP_SECONDS;
  const order = { perSecond, seconds, graceMs: GRACE_MS };
  const { pid } = await canary.status();
  const before = pid === null ? null : await cpuSecondsOf(pid);
  const result = await generator.run(order);
  const after = pid === null ? null : await cpuSecondsOf(pid);
  const cpuSeconds = before === null || after === null ? null : Math.max(0, after - before);
  return { step: toStep(order, result, cpuSeconds), disturbed: disturbanceOf(order, result.behind, cpuSeconds, plan) };
}

function disturbanceOf(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  behind: Float64Array,
  cpuSeconds: number | null,
  { p99Ms }: LoadPlan,
): string | null {
  if (cpuSeconds !== null && cpuSeconds / seconds >= MODEL_BUSY) return null;
  const sorted = behind.slice().sort();
  const late = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
  const allowed = (p99Ms ?? 1000) / 4;
  if (late <= allowed) return null;
  return (
    `The machine was too busy to measure on: at ${perSecond} requests/s the load generator itself was ${Math.round(late)} ms late ` +
    `(p99), more than a quarter of what is promised, while the model used ${Math.round((100 * (cpuSeconds ?? 0)) / seconds)} % of one core.`
  );
}

function better(a: LoadStep, b: LoadStep, plan: LoadPlan): LoadStep {
  const [broken, stillBroken] = [kneeReason(a, plan) !== null, kneeReason(b, plan) !== null];
  if (broken !== stillBroken) return broken ? b : a;
  if (broken && a.achievedPerSecond !== b.achievedPerSecond) return a.achievedPerSecond > b.achievedPerSecond ? a : b;
  return (a.latencyMs?.p99 ?? Number.POSITIVE_INFINITY) <= (b.latencyMs?.p99 ?? Number.POSITIVE_INFINITY) ? a : b;
}

/** Waits until the copy has worked off what an overload left behind: the next step starts from rest. */
async function settle(generator: LoadGenerator, signal: AbortSignal): Promise<void> {
  const end = Date.now() + SETTLE_LIMIT_MS;
  let fast = 0;
  while (Date.now() < end && fast < 3) {
    signal.throwIfAborted();
    const { latency } = await generator.run({ perSecond: 10, seconds: 0.1, graceMs: 2000 });
    fast = (latency[0] ?? 0) < 100 ? fast + 1 : 0;
    await pause(50);
  }
}
