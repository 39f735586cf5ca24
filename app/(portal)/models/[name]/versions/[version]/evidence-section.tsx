import { evidenceReason } from "@/components/serving/evidence-reason";
import { VersionEvidence } from "@/components/serving/version-evidence";
import { Notice } from "@/components/ui/notice";
import type { Principal } from "@/lib/auth/schema";
import type { FittingContract } from "@/lib/governance/fitting-contract";
import { listEvidence } from "@/lib/governance/queries/evidence-runs";
import { listFittingContracts } from "@/lib/governance/queries/fitting-contracts";
import { getVersionTier } from "@/lib/governance/queries/version-tier";
import { read } from "@/lib/read";
import type { ModelVersionDetail } from "@/lib/registry/schema";

type Props = { readonly version: ModelVersionDetail; readonly principal: Pick<Principal, "roles"> };

export async function EvidenceSection({ version: { model, number, state }, principal }: Props) {
  const [evidence, contracts] = await Promise.all([
    read(listEvidence, { name: model, version: number }),
    read(listFittingContracts, { name: model, version: number }),
  ]);
  if (!evidence.ok) {
    return (
      <Notice tone="risk" title="The evidence cannot be shown">
        {evidence.error.message}
      </Notice>
    );
  }
  const fitting = contracts.ok ? contracts.data.items : [];
  return (
    <VersionEvidence
      model={model}
      version={number}
      initial={evidence.data}
      contracts={fitting}
      reason={evidenceReason(principal, state)}
      tier={fitting[0] ? await readTier(model, number, fitting[0]) : null}
    />
  );
}

/** What is shown first; the client asks for the others. */
async function readTier(name: string, version: number, { useCase, number: contract }: FittingContract) {
  const advice = await read(getVersionTier, { name, version, useCase, contract });
  return advice.ok ? { contract: `${useCase}/${contract}`, advice: advice.data } : null;
}
