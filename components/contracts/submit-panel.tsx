"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { InfeasibleRefusal } from "@/components/serving/infeasible-refusal";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { Panel, PanelBody } from "@/components/ui/panel";
import type { ContractDocument } from "@/lib/contracts/document";
import type { Failure } from "@/lib/errors";
import { submitContractAction } from "@/lib/governance/actions";

type Props = {
  readonly slug: string;
  readonly n: number;
  readonly revision: number;
  readonly document: ContractDocument;
  /** What stands in the way, each in a sentence. */
  readonly problems: readonly string[];
  /** Why this person may not submit; null: they may. */
  readonly reason: string | null;
};

/** Fixes a draft so that it can be signed. */
export function SubmitPanel({ slug, n, revision, document, problems, reason }: Props) {
  const router = useRouter();
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();

  function submit() {
    start(async () => {
      const result = await submitContractAction({ slug, n, revision });
      if (result.ok) router.refresh();
      else setFailure(result.error);
    });
  }

  return (
    <Panel title="Submit for signature">
      <PanelBody className="grid gap-3">
        <p className="text-sm text-muted">
          The document is fixed and gets its digest. Owner, SRE and governance then sign it: three different persons.{" "}
          <Link className="link" href={`/use-cases/${slug}/plan?version=${n}`}>
            See what it compiles to
          </Link>
          .
        </p>
        {problems.length > 0 && (
          <div className="text-sm">
            <p className="font-medium">Put right first:</p>
            <ul className="list-disc pl-5 wrap-anywhere">
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </div>
        )}
        {reason && <p className="text-sm text-muted">{reason}</p>}
        <FormError error={failure} />
        <InfeasibleRefusal failure={failure} document={document} />
        <Button variant="primary" pending={pending} disabled={problems.length > 0 || reason !== null} onClick={submit}>
          Submit v{n}
        </Button>
      </PanelBody>
    </Panel>
  );
}
