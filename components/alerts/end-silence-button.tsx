"use client";

import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { RefusedAction } from "@/components/ui/refused-action";
import { endSilenceAction } from "@/lib/monitoring/actions";
import { useAlertAction } from "./use-alert-action";

type Props = { readonly id: string; readonly reason: string | null };

/** Ends it before its time: what fires still is told within seconds. A new one is as easily made. */
export function EndSilenceButton({ id, reason }: Props) {
  const { run, failure, pending } = useAlertAction();
  if (reason) return <RefusedAction reason={reason}>End now</RefusedAction>;
  return (
    <span className="grid justify-items-end gap-1">
      <Button size="sm" pending={pending} onClick={() => run(() => endSilenceAction({ id }))}>
        End now
      </Button>
      <FormError error={failure} />
    </span>
  );
}
