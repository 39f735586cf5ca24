import { ManifestsPanel } from "@/components/deployments/manifests-panel";
import { ReadinessPanel } from "@/components/deployments/readiness-panel";
import { Notice } from "@/components/ui/notice";
import { getManifests } from "@/lib/deployments/queries/manifests";
import type { Endpoint } from "@/lib/deployments/schema";
import { read } from "@/lib/read";

/** What an endpoint is in its cluster, and what stands in the way; nothing for one on this machine. */
export async function ClusterSection({ endpoint }: { readonly endpoint: Endpoint }) {
  if (endpoint.cluster === null) return null;
  const plan = await read(getManifests, { name: endpoint.name });
  return (
    <>
      <ReadinessPanel observed={endpoint.observed} />
      {plan.ok ? (
        <ManifestsPanel title="In the cluster" plan={plan.data} command={`npx proviso export ${endpoint.name}`} />
      ) : (
        <Notice tone="risk" title="What it is in the cluster cannot be shown">
          {plan.error.message}
        </Notice>
      )}
    </>
  );
}
