"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import type { Failure } from "@/lib/errors";
import { proposeRetrainingAction } from "@/lib/retraining/actions";

type Props = {
  readonly endpoint: string;
  /** Id of the clause that asks for it. */
  readonly clause: string;
  /** Event days proposed to learn from, half-open (2001-05-20). */
  readonly window: { readonly from: string; readonly to: string };
  /** Why this person may not propose; null: they may. */
  readonly refusal: string | null;
};

/** Asks for a new version because of a clause: the days to learn from, and why. */
export function ProposeRetraining({ endpoint, clause, window, refusal }: Props) {
  const router = useRouter();
  const form = useId();
  const [open, setOpen] = useState(false);
  const [days, setDays] = useState(window);
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  if (refusal) return <RefusedAction reason={refusal}>Propose retraining</RefusedAction>;

  function submit(event: FormEvent) {
    event.preventDefault();
    start(async () => {
      const result = await proposeRetrainingAction({ name: endpoint, clause, ...days, reason });
      setFailure(result.ok ? undefined : result.error);
      if (!result.ok) return;
      setOpen(false);
      setReason("");
      router.refresh();
    });
  }

  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger>
        <Button>Propose retraining</Button>
      </DialogTrigger>
      <DialogContent
        title={`Propose retraining for ${clause}`}
        description="The proposal keeps what the ledger says of the clause now. It changes nothing that serves: a new version is registered, measured and promoted as any other."
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={form} variant="primary" pending={pending}>
              Propose
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={submit} noValidate className="grid gap-3">
          <div className="grid grid-cols-2 gap-3">
            {(["from", "to"] as const).map((end) => (
              <Field
                key={end}
                label={end === "from" ? "Learn from" : "Up to, not including"}
                error={failure?.fields?.[end]}
              >
                {(control) => (
                  <Input
                    {...control}
                    type="date"
                    value={days[end]}
                    onChange={(event) => setDays({ ...days, [end]: event.target.value })}
                  />
                )}
              </Field>
            ))}
          </div>
          <Field label="Reason" required error={failure?.fields?.reason}>
            {(control) => (
              <Textarea
                {...control}
                value={reason}
                maxLength={2000}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <FormError error={failure && !failure.fields ? failure : undefined} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
