"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import { pauseAllRolloutsAction, resumeAllRolloutsAction } from "@/lib/deployments/actions";

type Props = {
  /** Whether all of them are paused now. */
  readonly paused: boolean;
  /** Why this person may not; null: they may. */
  readonly reason: string | null;
  readonly onDone: () => void;
};

/** One switch for every rollout of every endpoint. Going back is never paused. */
export function PauseAllRollouts({ paused, reason: refusal, onDone }: Props) {
  const [reason, setReason] = useState("");
  const verb = paused ? "Resume all" : "Pause all";
  if (refusal) return <RefusedAction reason={refusal}>{verb}…</RefusedAction>;
  const submit = async () => {
    const result = await (paused ? resumeAllRolloutsAction({ reason }) : pauseAllRolloutsAction({ reason }));
    if (result.ok) onDone();
    return result;
  };
  return (
    <FormDialog
      trigger={<Button>{verb}…</Button>}
      title={`${verb} rollouts of all endpoints`}
      description={
        paused
          ? "They go on along their plans. Those that were paused one by one stay paused."
          : "No rollout of any endpoint goes forward any more. All are still watched, and a guard that breaks takes its candidate back."
      }
      verb={verb}
      onSubmit={submit}
    >
      {(errors) => (
        <Field label="Why" required hint="Goes into the audit log." error={errors?.reason}>
          {(control) => <Textarea {...control} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
      )}
    </FormDialog>
  );
}
