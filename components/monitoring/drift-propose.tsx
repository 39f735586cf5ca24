"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { DayRange, type Days } from "@/components/ui/day-range";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import { proposeBaselineAction } from "@/lib/monitoring/actions";

type Props = {
  readonly endpoint: string;
  /** Event days, the last one included. */
  readonly window: Days;
  /** Why it cannot be proposed, or not by this person; null: it can. */
  readonly refusal: string | null;
};

/** Proposes that the rows of some days are what later rows are compared with: the change was wanted. */
export function ProposeReference({ endpoint, window, refusal }: Props) {
  const router = useRouter();
  const [days, setDays] = useState(window);
  const [reason, setReason] = useState("");
  if (refusal) return <RefusedAction reason={refusal}>Accept as new reference…</RefusedAction>;

  async function propose() {
    const result = await proposeBaselineAction({ name: endpoint, ...days, reason });
    if (result.ok) {
      setReason("");
      router.refresh();
    }
    return result;
  }

  return (
    <FormDialog
      trigger={<Button size="sm">Accept as new reference…</Button>}
      title="Accept as new reference"
      description="If the change is wanted, the rows of these days become what later rows are compared with. Alarms about it end; what the model does does not change. A validator or governance decides, and nobody decides on a proposal of their own."
      verb="Propose"
      onSubmit={propose}
    >
      {(errors) => (
        <>
          <DayRange days={days} labels={{ from: "First day", to: "Last day" }} errors={errors} onDays={setDays} />
          <Field label="Why the change is wanted" required error={errors?.reason}>
            {(control) => (
              <Textarea
                {...control}
                value={reason}
                maxLength={2000}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  );
}
