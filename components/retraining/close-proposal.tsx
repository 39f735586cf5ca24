"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { RefusedAction } from "@/components/ui/refused-action";
import { Textarea } from "@/components/ui/textarea";
import { closeRetrainingAction } from "@/lib/retraining/actions";
import type { RetrainingProposal } from "@/lib/retraining/schema";

type Props = {
  readonly proposal: Pick<RetrainingProposal, "id" | "endpoint" | "clause">;
  readonly refusal: string | null;
};

/** Ends a proposal with what came of it. */
export function CloseProposal({ proposal: { id, endpoint, clause }, refusal }: Props) {
  const router = useRouter();
  const [outcome, setOutcome] = useState("");
  if (refusal) return <RefusedAction reason={refusal}>Close</RefusedAction>;

  async function close() {
    const result = await closeRetrainingAction({ name: endpoint, id, outcome });
    if (result.ok) router.refresh();
    return result;
  }

  return (
    <FormDialog
      trigger={<Button size="sm">Close</Button>}
      title={`Close the proposal for ${clause}`}
      verb="Close proposal"
      onSubmit={close}
    >
      {(errors) => (
        <Field label="What came of it" required error={errors?.outcome}>
          {(control) => <Textarea {...control} value={outcome} onChange={(event) => setOutcome(event.target.value)} />}
        </Field>
      )}
    </FormDialog>
  );
}
