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
import { proposeBaselineAction } from "@/lib/monitoring/actions";

type Props = {
  readonly endpoint: string;
  /** Event days, the last one included (2001-05-20). */
  readonly window: { readonly from: string; readonly to: string };
  /** Why it cannot be proposed, or not by this person; null: it can. */
  readonly refusal: string | null;
};

/** Proposes that the rows of some days are what later rows are compared with: the change was wanted. */
export function ProposeReference({ endpoint, window, refusal }: Props) {
  const router = useRouter();
  const form = useId();
  const [open, setOpen] = useState(false);
  const [days, setDays] = useState(window);
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  if (refusal) return <RefusedAction reason={refusal}>Accept as new reference…</RefusedAction>;

  function submit(event: FormEvent) {
    event.preventDefault();
    start(async () => {
      const result = await proposeBaselineAction({ name: endpoint, ...days, reason });
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
        <Button size="sm">Accept as new reference…</Button>
      </DialogTrigger>
      <DialogContent
        title="Accept as new reference"
        description="If the change is wanted, the rows of these days become what later rows are compared with. Alarms about it end; what the model does does not change. A validator or governance decides, and nobody decides on a proposal of their own."
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
              <Field key={end} label={end === "from" ? "First day" : "Last day"} error={failure?.fields?.[end]}>
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
          <Field label="Why the change is wanted" required error={failure?.fields?.reason}>
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
