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
 * @throws Error when `signal` fires
 */
export async function measureLoad({ canary, bodies, plan, keeps, onStep, signal }: Options): Promise<Measured> {
  const { port, path, token } = canary;
  const generator = await startGenerator({ port, path, token, bodies, connections: CONNECTIONS });
  try {
    await generator.run(WARM_UP);
    const steps: LoadStep[] = [];
    let repeats = REPEATS;
    for (let rate = nextRate(steps, plan); rate !== null; rate = nextRate(steps, plan)) {
      const perSecond = rate;
      await onStep(steps.length + 1, MAX_STEPS, `${perSecond} requests/s`);
      const isPoor = (step: LoadStep) =>
        kneeReason(step, plan) !== null || (perSecond <= (plan.ceiling ?? 0) && !keeps(step));
      let step = await measureStep(generator, canary, perSecond, plan);
      signal.throwIfAborted();
      for (let again = perSecond === plan.ceiling ? 2 : 1; again > 0 && repeats > 0 && isPoor(step); again--) {
        repeats--;
        await settle(generator, signal);
        step = better(step, await measureStep(generator, canary, perSecond, plan), plan);
        signal.throwIfAborted();
      }
      steps.push(step);
      if (kneeReason(step, plan)) await settle(generator, signal);
    }
    steps.sort((a, b) => a.offeredPerSecond - b.offeredPerSecond);
    return { steps, knee: kneeOf(steps, plan) };
  } finally {
    await generator.stop();
  }
}

async function measureStep(generator: LoadGenerator, canary: Canary, perSecond: number, plan: LoadPlan) {
  const seconds = perSecond === plan.ceiling ? CEILING_SECONDS : STEP_SECONDS;
  const order = { perSecond, seconds, graceMs: GRACE_MS };
  const { pid } = await canary.status();
  const before = pid === null ? null : await cpuSecondsOf(pid);
  const result = await generator.run(order);
  const after = pid === null ? null : await cpuSecondsOf(pid);
  return toStep(order, result, before === null || after === null ? null : Math.max(0, after - before));
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
