"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { RefusedAction } from "@/components/ui/refused-action";
import type { Failure } from "@/lib/errors";
import { requestEvidenceRunAction } from "@/lib/governance/actions";
import type { RunKind } from "@/lib/governance/evidence-run";
import { evidenceQuery } from "@/lib/governance/query-options";

export type RunOrder = {
  readonly kind: RunKind;
  readonly model: string;
  readonly version: number;
  readonly useCase: string;
  readonly contract: number;
};

type Props = {
  /** Null: there is nothing to run under. */
  readonly order: RunOrder | null;
  /** Why it cannot be asked for; null: it can. */
  readonly reason: string | null;
  readonly primary?: boolean;
  readonly children: React.ReactNode;
};

/** Asks for a measurement on a copy; what runs then is followed where the evidence stands. */
export function RunButton({ order, reason, primary = false, children }: Props) {
  const client = useQueryClient();
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  if (reason !== null || !order) {
    return (
      <RefusedAction reason={reason ?? "There is no contract to run it under."} primary={primary}>
        {children}
      </RefusedAction>
    );
  }
  const { kind, model, version, useCase, contract } = order;
  const ask = () =>
    start(async () => {
      const result = await requestEvidenceRunAction({ kind, model, version, slug: useCase, n: contract });
      setFailure(result.ok ? undefined : result.error);
      if (result.ok) await client.invalidateQueries({ queryKey: evidenceQuery(model, version).queryKey });
    });
  return (
    <span className="grid justify-items-end gap-2">
      <Button variant={primary ? "primary" : "default"} pending={pending} onClick={ask}>
        {children}
      </Button>
      <FormError error={failure} />
    </span>
  );
}
