"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { RefusedAction } from "@/components/ui/refused-action";
import { SilenceForm, type SilenceTarget } from "./silence-form";

type Props = {
  readonly target: SilenceTarget;
  /** Why this person may not; null: they may. */
  readonly reason: string | null;
  readonly small?: boolean;
};

/** Nobody is told for a while: why, and until when. */
export function SilenceButton({ target, reason, small = false }: Props) {
  const form = useId();
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  if (reason) return <RefusedAction reason={reason}>Silence…</RefusedAction>;
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger>
        <Button size={small ? "sm" : "md"}>Silence…</Button>
      </DialogTrigger>
      <DialogContent
        title={`Silence ${target.endpoint ?? "it"}`}
        description="Nobody is told until it ends. Alerts are raised, shown and kept as ever; what still fires at the end is told then."
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={form} variant="primary" pending={pending}>
              Silence
            </Button>
          </>
        }
      >
        <SilenceForm id={form} target={target} onPending={setPending} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}
