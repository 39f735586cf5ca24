import { redirect } from "next/navigation";
import { ArchetypeChoice } from "@/components/contracts/archetype-choice";
import { ContractEditor } from "@/components/contracts/contract-editor";
import { Refusal } from "@/components/shell/refusal";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { ARCHETYPES } from "@/lib/contracts/archetypes";
import { toForm } from "@/lib/contracts/document-form";
import { newForm, withAllMetrics } from "@/lib/contracts/new-form";
import { getUseCase } from "@/lib/contracts/queries";
import { listClusters } from "@/lib/deployments/queries/clusters";
import { getContract } from "@/lib/governance/queries/contracts";
import { pick } from "@/lib/query-string";
import { read } from "@/lib/read";

export default async function NewContract({ params, searchParams }: PageProps<"/use-cases/[slug]/contract/new">) {
  const { slug } = await params;
  const asked = pick(await searchParams, ["archetype", "from", "of"]);
  const reason = permissionReason(await requirePrincipal(), "contract:draft");
  const useCase = await read(getUseCase, { slug });
  if (!useCase.ok) return <Refusal failure={useCase.error} />;
  const registered = await read(listClusters, { limit: 100 });
  const clusters = registered.ok ? registered.data.items.length : null;
  const { latestContract: latest, signedContract, purpose } = useCase.data;
  // One version is worked on at a time.
  if (latest?.state === "draft" || latest?.state === "submitted") {
    redirect(`/use-cases/${slug}/contract/${latest.number}`);
  }
  const source = asked.from === "copy" ? asked.of : asked.from === "amendment" ? signedContract?.number : undefined;
  if (source !== undefined) {
    const contract = await read(getContract, { slug, n: source });
    if (!contract.ok) return <Refusal failure={contract.error} />;
    const initial = withAllMetrics(toForm(contract.data.document));
    return <ContractEditor slug={slug} initial={initial} reason={reason} clusters={clusters} />;
  }
  const archetype = ARCHETYPES.find((each) => each === asked.archetype);
  if (!archetype) return <ArchetypeChoice slug={slug} />;
  return <ContractEditor slug={slug} initial={newForm(archetype, purpose)} reason={reason} clusters={clusters} />;
}
