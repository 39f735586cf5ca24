"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import type { Failure } from "@/lib/errors";
import { closeRetrainingAction } from "@/lib/retraining/actions";
import type { RetrainingProposal } from "@/lib/retraining/schema";

type Props = {
  readonly proposal: Pick<RetrainingProposal, "id" | "endpoint" | "clause">;
  readonly refusal: string | null;
};

/** Ends a proposal with what came of it. */
export function CloseProposal({ proposal: { id, endpoint, clause }, refusal }: Props) {
  const router = useRouter();
  const form = useId();
  const [open, setOpen] = useState(false);
  const [outcome, setOutcome] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  if (refusal) return <RefusedAction reason={refusal}>Close</RefusedAction>;

  function submit(event: FormEvent) {
    event.preventDefault();
    start(async () => {
      const result = await closeRetrainingAction({ name: endpoint, id, outcome });
      setFailure(result.ok ? undefined : result.error);
      if (!result.ok) return;
      setOpen(false);
      router.refresh();
    });
  }

  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger>
        <Button size="sm">Close</Button>
      </DialogTrigger>
      <DialogContent
        title={`Close the proposal for ${clause}`}
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={form} variant="primary" pending={pending}>
              Close proposal
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={submit} noValidate className="grid gap-3">
          <Field label="What came of it" required error={failure?.fields?.outcome}>
            {(control) => (
              <Textarea {...control} value={outcome} onChange={(event) => setOutcome(event.target.value)} />
            )}
          </Field>
          <FormError error={failure && !failure.fields ? failure : undefined} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
