"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { InfeasibleRefusal } from "@/components/serving/infeasible-refusal";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Notice } from "@/components/ui/notice";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { Failure } from "@/lib/errors";
import { signContractAction } from "@/lib/governance/actions";
import { type SignatureSlot, signatureSlot } from "@/lib/governance/contract-signing";
import type { ContractView } from "@/lib/governance/contract-view";
import { SLOT_NAMES } from "./slot-names";

type Props = { readonly contract: ContractView & { readonly digest: string } };

/** The digest that is signed, the comment and the button; or why this person cannot sign, before the click. */
export function SignPanel({ contract }: Props) {
  const router = useRouter();
  const { digest, signing, useCase, number } = contract;
  const [comment, setComment] = useState("");
  const [chosen, setChosen] = useState<SignatureSlot>();
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  const slot = signing.slots.length === 1 ? signing.slots[0] : chosen;

  function sign(event: FormEvent) {
    event.preventDefault();
    if (!slot) {
      setFailure({ code: "invalid", message: "Choose the role you sign as.", fields: { slot: ["choose one"] } });
      return;
    }
    start(async () => {
      const result = await signContractAction({ slug: useCase, n: number, digest, slot, ...(comment && { comment }) });
      if (result.ok) {
        setFailure(undefined);
        router.refresh();
      } else setFailure(result.error);
    });
  }

  return (
    <Panel title="Sign">
      <PanelBody className="grid gap-3">
        <p className="text-sm">
          You sign this document and no other. Its digest (SHA-256 of the canonical JSON):
          <span className="num mt-1 block rounded-lg border bg-bg px-2.5 py-1.5 wrap-anywhere">{digest}</span>
        </p>
        {signing.reason !== null && <Notice title="You cannot sign this version">{signing.reason}</Notice>}
        <form onSubmit={sign} className="grid gap-3">
          {signing.slots.length > 1 && (
            <Field label="Sign as" required error={failure?.fields?.slot}>
              {(control) => (
                <Select
                  {...control}
                  value={chosen ?? ""}
                  placeholder="Choose one of your roles"
                  options={signing.slots.map((each) => ({ value: each, label: SLOT_NAMES[each] }))}
                  onChange={(event) => setChosen(signatureSlot.safeParse(event.target.value).data)}
                />
              )}
            </Field>
          )}
          <Field label="Comment" hint="Stays beside your signature." error={failure?.fields?.comment}>
            {(control) => (
              <Textarea
                {...control}
                value={comment}
                maxLength={2000}
                disabled={signing.slots.length === 0}
                onChange={(event) => setComment(event.target.value)}
              />
            )}
          </Field>
          <FormError error={failure} />
          <InfeasibleRefusal failure={failure} document={contract.document} />
          <Button type="submit" variant="primary" pending={pending} disabled={signing.slots.length === 0}>
            {slot ? `Sign as ${SLOT_NAMES[slot]}` : "Sign"}
          </Button>
        </form>
      </PanelBody>
    </Panel>
  );
}
