import { EndpointDrill } from "@/components/serving/endpoint-drill";
import { evidenceReason } from "@/components/serving/evidence-reason";
import { requirePrincipal } from "@/lib/auth/queries";
import type { Endpoint } from "@/lib/deployments/schema";
import { listEvidence } from "@/lib/governance/queries/evidence-runs";
import { read } from "@/lib/read";

/** Nothing serves: nothing to drill. */
export async function DrillSection({ endpoint: { serving, useCase } }: { readonly endpoint: Endpoint }) {
  if (!serving) return null;
  const principal = await requirePrincipal();
  const evidence = await read(listEvidence, { name: serving.model, version: serving.version });
  if (!evidence.ok) return null;
  return (
    <EndpointDrill
      serving={serving}
      useCase={useCase.slug}
      initial={evidence.data}
      reason={evidenceReason(principal, "ready")}
    />
  );
}
