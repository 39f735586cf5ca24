"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogTrigger } from "@/components/ui/dialog";
import { RefusedAction } from "@/components/ui/refused-action";
import { RollbackDialog } from "./rollback-dialog";

type Props = {
  readonly name: string;
  /** Why this person may not roll back; null: they may. */
  readonly reason: string | null;
};

/** One step back, from wherever the endpoint is looked at. */
export function RollbackButton({ name, reason }: Props) {
  const [open, setOpen] = useState(false);
  if (reason) return <RefusedAction reason={reason}>Roll back…</RefusedAction>;
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger>
        <Button variant="danger">Roll back…</Button>
      </DialogTrigger>
      {/* Made anew with every opening: what was typed for an earlier one does not count. */}
      {open && <RollbackDialog name={name} onDone={() => setOpen(false)} />}
    </Dialog>
  );
}
