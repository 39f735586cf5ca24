"use client";

import { type FormEvent, type ReactNode, useId, useState, useTransition } from "react";
import type { Failure, FieldErrors, Result } from "@/lib/errors";
import { Button } from "./button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "./dialog";
import { FormError } from "./form-error";

type Props = {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly title: string;
  readonly description?: string;
  /** The word on the button that sends it. */
  readonly verb: string;
  /** Sends what was typed. A refusal stays open with its messages; what is done closes it. */
  readonly onSubmit: () => Promise<Result<unknown>>;
  /** The fields, with the messages of a refusal. */
  readonly children: (errors: FieldErrors | undefined) => ReactNode;
};

/** A few fields and what they do, in a dialog. What was typed is kept by the caller. */
export function FormDialog({ trigger, title, description, verb, onSubmit, children }: Props) {
  const form = useId();
  const [open, setOpen] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    start(async () => {
      const result = await onSubmit();
      setFailure(result.ok ? undefined : result.error);
      if (result.ok) setOpen(false);
    });
  }

  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger>{trigger}</DialogTrigger>
      <DialogContent
        title={title}
        description={description}
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={form} variant="primary" pending={pending}>
              {verb}
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={submit} noValidate className="grid gap-3">
          {children(failure?.fields)}
          <FormError error={failure && !failure.fields ? failure : undefined} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
