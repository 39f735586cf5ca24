"use client";

import { type ReactNode, useState, useTransition } from "react";
import { Button } from "./button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "./dialog";
import { FormError } from "./form-error";
import { NameField } from "./name-field";

type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: { message: string; id?: string } };

type Props = {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly title: string;
  /** The effect, in full: what stops, what is lost, what can be undone. */
  readonly effect: ReactNode;
  /** What has to be typed. */
  readonly name: string;
  /** The word on the button that does it. */
  readonly verb: string;
  /** Shows the message of a refusal and stays open; closes when it is done. */
  readonly onConfirm: () => Promise<Outcome>;
};

/** States what will happen and asks for the name before it happens. */
export function ConfirmByName({ trigger, title, effect, name, verb, onConfirm }: Props) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<{ message: string; id?: string }>();
  const [pending, start] = useTransition();
  const matches = typed === name;

  function show(next: boolean) {
    setOpen(next);
    setTyped("");
    setError(undefined);
  }

  function confirm() {
    start(async () => {
      const outcome = await onConfirm();
      if (outcome.ok) show(false);
      else setError(outcome.error);
    });
  }

  return (
    <Dialog open={open} onOpenChange={show}>
      <DialogTrigger>{trigger}</DialogTrigger>
      <DialogContent
        title={title}
        description={effect}
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button variant="danger" disabled={!matches} pending={pending} onClick={confirm}>
              {verb}
            </Button>
          </>
        }
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (matches && !pending) confirm();
          }}
          className="grid gap-3"
        >
          <NameField name={name} value={typed} onChange={setTyped} />
          <FormError error={error} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
