"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { Field } from "@/components/ui/field";
import { FormActions } from "@/components/ui/form-actions";
import { FormError } from "@/components/ui/form-error";
import { Notice } from "@/components/ui/notice";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Textarea } from "@/components/ui/textarea";
import type { Failure } from "@/lib/errors";
import { requestPromotionAction } from "@/lib/governance/actions";

type Props = {
  readonly endpoint: string;
  readonly model: string;
  readonly version: number;
  /** Why the request would be refused now; null: it would be taken. */
  readonly refusal: string | null;
};

/** The comment and the button, under the gate that they are about. */
export function RequestForm({ endpoint, model, version, refusal }: Props) {
  const router = useRouter();
  const [comment, setComment] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    start(async () => {
      const result = await requestPromotionAction({ endpoint, model, version, comment });
      if (result.ok) router.push(`/promotions/${result.data.id}`);
      else setFailure(result.error);
    });
  }

  return (
    <form onSubmit={submit} noValidate>
      <Panel title="Your request">
        <PanelBody className="grid gap-3">
          {refusal && (
            <Notice tone="risk" title="This cannot be requested now">
              {refusal}
            </Notice>
          )}
          <Field
            label="Comment"
            required
            hint="Stands beside the decision: what changed, and why it should serve."
            error={failure?.fields?.comment}
          >
            {(control) => (
              <Textarea
                {...control}
                value={comment}
                maxLength={4000}
                onChange={(event) => setComment(event.target.value)}
              />
            )}
          </Field>
          <FormError error={failure && !failure.fields ? failure : undefined} />
          <FormActions
            submit="Request promotion"
            cancelHref="/promotions"
            pending={pending}
            disabled={refusal !== null}
          />
        </PanelBody>
      </Panel>
    </form>
  );
}
