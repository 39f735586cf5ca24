import type { RolloutPlan } from "@/lib/contracts/document";
import { parseNumber, parsePercent, parseSeconds, percentText, secondsText } from "@/lib/contracts/form-values";

/** A step as it is typed. */
export type StepForm = Readonly<Record<"percent" | "time" | "samples", string>>;

/** The rollout as it is typed. While the contract states none, the fields keep what was proposed or typed. */
export type RolloutForm = Readonly<Record<"slowShare" | "failedShare" | "predictionShift", string>> & {
  readonly stated: boolean;
  readonly shadow: boolean;
  readonly steps: readonly StepForm[];
};

/** The fields of a rollout; `proposal` stands in the fields of a contract that states none. */
export function toRolloutForm(stated: RolloutPlan | undefined, proposal: RolloutPlan): RolloutForm {
  const { shadow, steps, comparison } = stated ?? proposal;
  return {
    stated: stated !== undefined,
    shadow,
    steps: steps.map(({ percent, minSeconds, minSamples }) => ({
      percent: String(percent),
      time: secondsText(minSeconds),
      samples: String(minSamples),
    })),
    slowShare: percentText(comparison.slowShare),
    failedShare: percentText(comparison.failedShare),
    predictionShift: String(comparison.predictionShift),
  };
}

/** What was typed, in the shape of the document; undefined: a new revision takes over at once. */
export function rawRollout(form: RolloutForm): unknown {
  if (!form.stated) return undefined;
  return {
    shadow: form.shadow,
    steps: form.steps.map(({ percent, time, samples }) => ({
      percent: parseNumber(percent),
      minSeconds: parseSeconds(time),
      minSamples: parseNumber(samples),
    })),
    comparison: {
      slowShare: parsePercent(form.slowShare),
      failedShare: parsePercent(form.failedShare),
      predictionShift: parseNumber(form.predictionShift),
    },
  };
}

/** One more step, half of the way from the last one to everybody. */
export function withStep({ steps, ...form }: RolloutForm): RolloutForm {
  const last = steps.at(-1);
  const before = Number(last?.percent ?? 0) || 0;
  const percent = String(Math.min(99, Math.round((before + 100) / 2)));
  return { ...form, steps: [...steps, { percent, time: last?.time ?? "10 min", samples: last?.samples ?? "500" }] };
}
