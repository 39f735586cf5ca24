"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
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
  const form = useId();
  const [open, setOpen] = useState(false);
  const [comment, setComment] = useState("");
  const { run, failure, pending } = useAlertAction();
  if (reason) {
    return (
      <RefusedAction reason={reason} primary>
        Acknowledge
      </RefusedAction>
    );
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    run(
      () => acknowledgeAlertAction({ id: alert.id, comment }),
      () => setOpen(false),
    );
  }

  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger>
        <Button variant="primary">Acknowledge…</Button>
      </DialogTrigger>
      <DialogContent
        title="Acknowledge"
        description={`You take it on: ${alert.title}. Everybody who was told of it is told that you have it; it goes on firing until it is over.`}
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={form} variant="primary" pending={pending}>
              Acknowledge
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={submit} noValidate className="grid gap-3">
          <Field label="Comment" hint="What you know, or do next. May stay empty." error={failure?.fields?.comment}>
            {(control) => (
              <Textarea
                {...control}
                value={comment}
                maxLength={1000}
                onChange={(event) => setComment(event.target.value)}
              />
            )}
          </Field>
          <FormError error={failure && !failure.fields ? failure : undefined} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
