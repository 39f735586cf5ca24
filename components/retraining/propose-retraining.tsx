"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { DayRange, type Days } from "@/components/ui/day-range";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import { proposeRetrainingAction } from "@/lib/retraining/actions";

type Props = {
  readonly endpoint: string;
  /** Id of the clause that asks for it. */
  readonly clause: string;
  /** Event days proposed to learn from, half-open. */
  readonly window: Days;
  /** Why this person may not propose; null: they may. */
  readonly refusal: string | null;
};

/** Asks for a new version because of a clause: the days to learn from, and why. */
export function ProposeRetraining({ endpoint, clause, window, refusal }: Props) {
  const router = useRouter();
  const [days, setDays] = useState(window);
  const [reason, setReason] = useState("");
  if (refusal) return <RefusedAction reason={refusal}>Propose retraining</RefusedAction>;

  async function propose() {
    const result = await proposeRetrainingAction({ name: endpoint, clause, ...days, reason });
    if (result.ok) {
      setReason("");
      router.refresh();
    }
    return result;
  }

  return (
    <FormDialog
      trigger={<Button>Propose retraining</Button>}
      title={`Propose retraining for ${clause}`}
      description="The proposal keeps what the ledger says of the clause now. It changes nothing that serves: a new version is registered, measured and promoted as any other."
      verb="Propose"
      onSubmit={propose}
    >
      {(errors) => (
        <>
          <DayRange
            days={days}
            labels={{ from: "Learn from", to: "Up to, not including" }}
            errors={errors}
            onDays={setDays}
          />
          <Field label="Reason" required error={errors?.reason}>
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
