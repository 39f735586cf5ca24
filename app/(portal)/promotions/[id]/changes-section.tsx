import { ManifestsPanel } from "@/components/deployments/manifests-panel";
import { ChangesPanel } from "@/components/governance/changes-panel";
import { Notice } from "@/components/ui/notice";
import { getPromotionManifests } from "@/lib/governance/queries/promotion-manifests";
import type { Promotion } from "@/lib/governance/schema";
import { read } from "@/lib/read";

/** What a promotion changes of the settings and, while it is open and for a cluster, of the objects there. */
export function ChangesSection({ promotion }: { readonly promotion: Promotion }) {
  return (
    <>
      <ChangesPanel {...promotion} />
      <ClusterChanges promotion={promotion} />
    </>
  );
}

async function ClusterChanges({ promotion }: { readonly promotion: Promotion }) {
  const { id, state, inputs, incumbent, contract } = promotion;
  if (inputs.endpoint.target !== "kubernetes" || (state !== "in_review" && state !== "approved")) return null;
  const plan = await read(getPromotionManifests, { id });
  if (!plan.ok) {
    return (
      <Notice tone="risk" title="What it changes in the cluster cannot be shown">
        {plan.error.message}
      </Notice>
    );
  }
  const { cluster, changes } = plan.data;
  return (
    <>
      <ChangesPanel
        incumbent={incumbent}
        changes={changes}
        environment={`the cluster ${cluster}`}
        contract={contract}
      />
      <ManifestsPanel title="As it will be in the cluster" plan={plan.data} />
    </>
  );
}
