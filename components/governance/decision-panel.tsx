"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Digest } from "@/components/ui/digest";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Notice } from "@/components/ui/notice";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { Failure } from "@/lib/errors";
import { decidePromotionAction } from "@/lib/governance/actions";
import type { Promotion } from "@/lib/governance/schema";
import type { Slot } from "@/lib/governance/separation-of-duties";
import { SLOT_WORDS } from "./slot-state";

type Props = { readonly promotion: Pick<Promotion, "id" | "inputsDigest" | "mine" | "state"> };

/** Comment and buttons side by side; what stands in the way is said before the click. */
export function DecisionPanel({ promotion }: Props) {
  const { id, inputsDigest, mine } = promotion;
  const router = useRouter();
  const [comment, setComment] = useState("");
  const [chosen, setChosen] = useState<Slot>();
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  const slots = mine.approveSlots.length > 0 ? mine.approveSlots : mine.rejectSlots;
  const slot = chosen !== undefined && slots.includes(chosen) ? chosen : slots[0];
  const missing = comment.trim() === "";

  function decide(decision: "approve" | "reject") {
    if (missing) {
      setFailure({ code: "invalid", message: "", fields: { comment: ["say what you checked"] } });
      return;
    }
    start(async () => {
      const result = await decidePromotionAction({ id, decision, comment, inputsDigest, slot });
      setFailure(result.ok ? undefined : result.error);
      if (result.ok) setComment("");
      router.refresh();
    });
  }

  return (
    <Panel title="Your decision" aside={slot && `slot: ${SLOT_WORDS[slot].toLowerCase()}`}>
      <PanelBody className="grid gap-3">
        {mine.rejectBlocked ? (
          <Notice title="You do not decide this">{mine.rejectBlocked}</Notice>
        ) : (
          <>
            {slots.length > 1 && (
              <Field label="Slot" hint="One person fills one slot.">
                {(control) => (
                  <Select
                    {...control}
                    value={slot}
                    onChange={(event) => setChosen(slots.find((each) => each === event.target.value))}
                    options={slots.map((value) => ({ value, label: SLOT_WORDS[value] }))}
                  />
                )}
              </Field>
            )}
            <Field label="Comment" required error={failure?.fields?.comment}>
              {(control) => (
                <Textarea
                  {...control}
                  placeholder="What did you check?"
                  value={comment}
                  maxLength={4000}
                  onChange={(event) => setComment(event.target.value)}
                />
              )}
            </Field>
            <div className="flex flex-wrap gap-2">
              <Button
                variant="primary"
                pending={pending}
                disabled={mine.approveBlocked !== null}
                aria-describedby="approve-blocked"
                onClick={() => decide("approve")}
              >
                Approve
              </Button>
              <Button variant="danger" pending={pending} onClick={() => decide("reject")}>
                Reject
              </Button>
            </div>
            <p id="approve-blocked" className="text-sm text-muted empty:hidden">
              {mine.approveBlocked}
            </p>
            <p className="text-sm text-muted">
              You sign digest <Digest value={inputsDigest} />. If any input changes, an approval becomes stale. A
              rejection is final.
            </p>
          </>
        )}
        <FormError error={failure?.message ? failure : undefined} />
      </PanelBody>
    </Panel>
  );
}
