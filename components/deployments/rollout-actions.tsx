"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Input } from "@/components/ui/input";
import { NameField } from "@/components/ui/name-field";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import { extendRolloutAction, pauseRolloutAction, resumeRolloutAction } from "@/lib/deployments/actions";
import type { RolloutView } from "@/lib/deployments/rollout-schema";
import type { FieldErrors, Result } from "@/lib/errors";
import { stopRolloutAction } from "@/lib/governance/actions";

type Props = {
  readonly rollout: RolloutView;
  /** Why this person may do none of it; null: they may. */
  readonly reason: string | null;
  /** What was done shows at once. */
  readonly onDone: () => void;
};

/** Back is always possible, and so is waiting; forward it goes by itself, along the plan that was signed and approved. */
export function RolloutActions({ rollout, reason, onDone }: Props) {
  if (reason) {
    const words = ["Extend…", rollout.paused ? "Resume…" : "Pause…", "Stop and go back…"];
    return words.map((word) => (
      <RefusedAction key={word} reason={reason}>
        {word}
      </RefusedAction>
    ));
  }
  const props = { rollout, onDone };
  return (
    <>
      {rollout.state !== "checking" && <ExtendDialog {...props} />}
      <PauseDialog {...props} />
      <StopDialog {...props} />
    </>
  );
}

type DialogProps = Omit<Props, "reason">;

/** Says so to the page when it was done. */
async function told(outcome: Promise<Result<unknown>>, onDone: () => void): Promise<Result<unknown>> {
  const result = await outcome;
  if (result.ok) onDone();
  return result;
}

function StopDialog({ rollout: { id, endpoint, candidate, incumbent }, onDone }: DialogProps) {
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const submit = async (): Promise<Result<unknown>> => {
    if (typed === endpoint) return told(stopRolloutAction({ id, reason }), onDone);
    return { ok: false, error: { code: "invalid", message: "", fields: { confirm: [`type ${endpoint}`] } } };
  };
  return (
    <FormDialog
      trigger={<Button variant="danger">Stop and go back…</Button>}
      title={`Stop the rollout of ${candidate.revision}`}
      description={`${incumbent.revision} answers everything again, at once: no request fails. The rollout and its promotion end; to try again a new promotion is requested and approved.`}
      verb="Stop and go back"
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <Why value={reason} onChange={setReason} errors={errors} />
          <NameField name={endpoint} value={typed} onChange={setTyped} error={errors?.confirm} />
        </>
      )}
    </FormDialog>
  );
}

function PauseDialog({ rollout: { id, paused, candidate, percent }, onDone }: DialogProps) {
  const [reason, setReason] = useState("");
  const [verb, act] = paused ? (["Resume", resumeRolloutAction] as const) : (["Pause", pauseRolloutAction] as const);
  return (
    <FormDialog
      trigger={<Button>{verb}…</Button>}
      title={`${verb} the rollout of ${candidate.revision}`}
      description={
        paused
          ? "It goes on along the plan once its step has its time, its samples, and guards that hold."
          : `It stays at ${percent} % and goes no further. It is still watched: a guard that breaks takes it back.`
      }
      verb={verb}
      onSubmit={() => told(act({ id, reason }), onDone)}
    >
      {(errors) => <Why value={reason} onChange={setReason} errors={errors} required={!paused} />}
    </FormDialog>
  );
}

function ExtendDialog({ rollout: { id, candidate }, onDone }: DialogProps) {
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState("");
  const [samples, setSamples] = useState("");
  const order = () => ({ id, reason, seconds: Math.round(Number(minutes || 0) * 60), samples: Number(samples || 0) });
  return (
    <FormDialog
      trigger={<Button>Extend…</Button>}
      title={`Look longer at ${candidate.revision}`}
      description="Adds to what this step needs before the next one. A step is never made shorter."
      verb="Extend"
      onSubmit={() => told(extendRolloutAction(order()), onDone)}
    >
      {(errors) => (
        <>
          <Field label="More time" error={errors?.seconds}>
            {(control) => (
              <Input
                {...control}
                numeric
                unit="min"
                value={minutes}
                onChange={(event) => setMinutes(event.target.value)}
              />
            )}
          </Field>
          <Field label="More samples" error={errors?.samples}>
            {(control) => (
              <Input {...control} numeric value={samples} onChange={(event) => setSamples(event.target.value)} />
            )}
          </Field>
          <Why value={reason} onChange={setReason} errors={errors} />
        </>
      )}
    </FormDialog>
  );
}

type WhyProps = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly errors: FieldErrors | undefined;
  readonly required?: boolean;
};

function Why({ value, onChange, errors, required = true }: WhyProps) {
  return (
    <Field label="Why" required={required} hint="Goes into the audit log." error={errors?.reason}>
      {(control) => <Textarea {...control} value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}
