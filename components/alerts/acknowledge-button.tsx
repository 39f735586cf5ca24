"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import { acknowledgeAlertAction } from "@/lib/monitoring/actions";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { useAlertAction } from "./use-alert-action";

type Props = {
  readonly alert: Pick<AlertDetail, "id" | "title">;
  /** Why this person may not, or nobody any more; null: they may. */
  readonly reason: string | null;
};

/** "I have it": everybody who was told of the alert is told that. */
export function AcknowledgeButton({ alert, reason }: Props) {
  const [comment, setComment] = useState("");
  const { runNow } = useAlertAction();
  if (reason) {
    return (
      <RefusedAction reason={reason} primary>
        Acknowledge
      </RefusedAction>
    );
  }
  return (
    <FormDialog
      trigger={<Button variant="primary">Acknowledge…</Button>}
      title="Acknowledge"
      description={`You take it on: ${alert.title}. Everybody who was told of it is told that you have it; it goes on firing until it is over.`}
      verb="Acknowledge"
      onSubmit={() => runNow(() => acknowledgeAlertAction({ id: alert.id, comment }))}
    >
      {(errors) => (
        <Field label="Comment" hint="What you know, or do next. May stay empty." error={errors?.comment}>
          {(control) => (
            <Textarea
              {...control}
              value={comment}
              maxLength={1000}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  );
}
