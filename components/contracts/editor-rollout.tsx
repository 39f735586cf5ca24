"use client";

import { Button } from "@/components/ui/button";
import { rolloutPlan } from "@/lib/contracts/document";
import { type RolloutForm, rawRollout, type StepForm, withStep } from "@/lib/contracts/rollout-form";
import { rolloutSentence } from "@/lib/contracts/rollout-words";
import { ChoiceField, FieldGroup, TextField } from "./editor-field";
import { Foldable } from "./foldable";
import { type Editing, hasMessages } from "./use-document-form";

const MOST_STEPS = 10;

/** What the fields of this section share. */
type Section = {
  readonly form: RolloutForm;
  readonly error: (path: string) => readonly string[] | undefined;
  readonly set: (fields: Partial<RolloutForm>) => void;
};

/** How a new revision takes over: in one sentence while closed. */
export function EditorRollout({ editing }: { readonly editing: Editing }) {
  const form = editing.form.rollout;
  const section: Section = {
    form,
    error: (path) => editing.messages[path === "" ? "rollout" : `rollout.${path}`],
    set: (fields) => editing.set({ rollout: { ...form, ...fields } }),
  };
  return (
    <Foldable title="Rollout" summary={summaryOf(form)} forced={hasMessages(editing.messages, "rollout")}>
      <ChoiceField
        label="A new revision takes over"
        value={form.stated ? "steps" : "once"}
        options={[
          { value: "once", label: "At once" },
          { value: "steps", label: "Step by step" },
        ]}
        error={section.error("")}
        onChoice={(value) => section.set({ stated: value === "steps" })}
      />
      {form.stated && <RolloutFields section={section} />}
    </Foldable>
  );
}

function summaryOf(form: RolloutForm): string {
  if (!form.stated) return rolloutSentence({});
  const read = rolloutPlan.safeParse(rawRollout(form)).data;
  return read ? rolloutSentence({ rollout: read }) : "Something in it cannot be read yet.";
}

function RolloutFields({ section }: { readonly section: Section }) {
  const { form, error, set } = section;
  return (
    <>
      <ChoiceField
        label="Before the first step"
        value={form.shadow ? "shadow" : "none"}
        options={[
          { value: "none", label: "Nothing" },
          { value: "shadow", label: "It gets a copy of the requests" },
        ]}
        hint={form.shadow && "Its answers go to nobody; for as long as the first step."}
        error={error("shadow")}
        onChoice={(value) => set({ shadow: value === "shadow" })}
      />
      {form.steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step has no identity but its place
        <StepFields key={index} section={section} step={step} index={index} />
      ))}
      <div className="grid gap-2 wide:col-span-3">
        {error("steps")?.map((message) => (
          <p key={message} role="alert" className="text-sm text-breach">
            {message}
          </p>
        ))}
        {form.steps.length < MOST_STEPS && (
          <Button className="justify-self-start" size="sm" onClick={() => set(withStep(form))}>
            Add a step
          </Button>
        )}
      </div>
      <FieldGroup legend="It goes back by itself when a clause breaks, or it is worse than the serving revision by more than">
        <TextField
          label="Slow answers"
          unit="%"
          hint="Beyond the signed latency, more of all requests."
          value={form.slowShare}
          error={error("comparison.slowShare")}
          onText={(slowShare) => set({ slowShare })}
        />
        <TextField
          label="Failed requests"
          unit="%"
          hint="Not answered by the model, more of all."
          value={form.failedShare}
          error={error("comparison.failedShare")}
          onText={(failedShare) => set({ failedShare })}
        />
        <TextField
          label="Predictions"
          hint="Largest distance of the two distributions, 0 to 1."
          value={form.predictionShift}
          error={error("comparison.predictionShift")}
          onText={(predictionShift) => set({ predictionShift })}
        />
      </FieldGroup>
    </>
  );
}

type StepProps = { readonly section: Section; readonly step: StepForm; readonly index: number };

function StepFields({ section: { form, error, set }, step, index }: StepProps) {
  const at = `steps.${index}`;
  const change = (fields: Partial<StepForm>) =>
    set({ steps: form.steps.map((each, i) => (i === index ? { ...each, ...fields } : each)) });
  return (
    <FieldGroup legend={`Step ${index + 1}`}>
      <TextField
        label="Share of the requests"
        unit="%"
        value={step.percent}
        error={error(`${at}.percent`)}
        onText={(percent) => change({ percent })}
      />
      <TextField
        label="For at least"
        hint={index === 0 && "For example 10 min."}
        value={step.time}
        error={error(`${at}.minSeconds`)}
        onText={(time) => change({ time })}
      />
      <div className="flex items-start gap-3">
        <TextField
          label="And at least so many answers"
          value={step.samples}
          error={error(`${at}.minSamples`)}
          onText={(samples) => change({ samples })}
        />
        {form.steps.length > 1 && (
          <Button
            className="mt-6"
            size="sm"
            variant="quiet"
            aria-label={`Remove step ${index + 1}`}
            onClick={() => set({ steps: form.steps.filter((_, i) => i !== index) })}
          >
            Remove
          </Button>
        )}
      </div>
    </FieldGroup>
  );
}
