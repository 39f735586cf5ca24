"use client";

import { useQuery } from "@tanstack/react-query";
import type { RevisionSummary } from "@/lib/deployments/schema";
import type { VersionEvidence } from "@/lib/governance/evidence-run";
import { evidenceQuery } from "@/lib/governance/query-options";
import { DrillPanel } from "./drill-panel";

type Props = {
  readonly serving: RevisionSummary;
  readonly useCase: string;
  readonly initial: VersionEvidence;
  readonly reason: string | null;
};

/** Whether what serves fails as its contract says: the last drill of its version, and the button for the next one. */
export function EndpointDrill({ serving, useCase, initial, reason }: Props) {
  const { model, version, contract } = serving;
  const { data: evidence = initial } = useQuery({ ...evidenceQuery(model, version), initialData: initial });
  return <DrillPanel evidence={evidence} order={{ model, version, useCase, contract }} reason={reason} />;
}
