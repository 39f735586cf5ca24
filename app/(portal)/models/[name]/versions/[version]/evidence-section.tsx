import { evidenceReason } from "@/components/serving/evidence-reason";
import { VersionEvidence } from "@/components/serving/version-evidence";
import { Notice } from "@/components/ui/notice";
import type { Principal } from "@/lib/auth/schema";
import { listEvidence } from "@/lib/governance/queries/evidence-runs";
import { listFittingContracts } from "@/lib/governance/queries/fitting-contracts";
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
  return (
    <VersionEvidence
      model={model}
      version={number}
      initial={evidence.data}
      contracts={contracts.ok ? contracts.data.items : []}
      reason={evidenceReason(principal, state)}
    />
  );
}
