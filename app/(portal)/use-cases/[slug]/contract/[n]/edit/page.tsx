import { redirect } from "next/navigation";
import { ContractEditor } from "@/components/contracts/contract-editor";
import { Refusal } from "@/components/shell/refusal";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { toForm } from "@/lib/contracts/document-form";
import { withAllMetrics } from "@/lib/contracts/new-form";
import { listClusters } from "@/lib/deployments/queries/clusters";
import { getContract } from "@/lib/governance/queries/contracts";
import { read } from "@/lib/read";

export default async function EditContract({ params }: PageProps<"/use-cases/[slug]/contract/[n]/edit">) {
  const { slug, n } = await params;
  const principal = await requirePrincipal();
  const [contract, clusters] = await Promise.all([read(getContract, { slug, n }), read(listClusters, { limit: 100 })]);
  if (!contract.ok) return <Refusal failure={contract.error} />;
  const { number, revision, state, document } = contract.data;
  if (state !== "draft") redirect(`/use-cases/${slug}/contract/${number}`);
  return (
    <ContractEditor
      slug={slug}
      initial={withAllMetrics(toForm(document))}
      draft={{ n: number, revision }}
      reason={permissionReason(principal, "contract:draft")}
      clusters={clusters.ok ? clusters.data.items.length : null}
    />
  );
}
