"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import type { Failure } from "@/lib/errors";
import { decideBaselineAction } from "@/lib/monitoring/actions";

type Props = {
  readonly endpoint: string;
  readonly id: number;
  /** What is proposed: "1 May 2001 to 20 May 2001". */
  readonly period: string;
  readonly reason: string;
  /** Why this person may not decide; null: they may. */
  readonly refusal: string | null;
};

/** Accepts a proposed reference, or rejects it, with a comment that stays on record. */
export function DecideReference({ endpoint, id, period, reason, refusal }: Props) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [comment, setComment] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  if (refusal) return <RefusedAction reason={refusal}>Decide…</RefusedAction>;

  function decide(decision: "accept" | "reject") {
    start(async () => {
      const result = await decideBaselineAction({ name: endpoint, id, decision, comment });
      setFailure(result.ok ? undefined : result.error);
      if (!result.ok) return;
      setOpen(false);
      router.refresh();
    });
  }

  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger>
        <Button size="sm">Decide…</Button>
      </DialogTrigger>
      <DialogContent
        title={`New reference: ${period}`}
        description="Accepted, later rows are compared with these days from the next evaluation on, and what was an alarm is the norm."
        footer={
          <>
            <Button variant="danger" pending={pending} onClick={() => decide("reject")}>
              Reject
            </Button>
            <Button variant="primary" pending={pending} onClick={() => decide("accept")}>
              Accept
            </Button>
          </>
        }
      >
        <div className="grid gap-3">
          <p className="text-sm">
            <span className="text-muted">Why the change is wanted: </span>
            {reason}
          </p>
          <Field label="Comment" required error={failure?.fields?.comment}>
            {(control) => (
              <Textarea
                {...control}
                value={comment}
                maxLength={2000}
                onChange={(event) => setComment(event.target.value)}
              />
            )}
          </Field>
          <FormError error={failure && !failure.fields ? failure : undefined} />
        </div>
      </DialogContent>
    </Dialog>
  );
}
