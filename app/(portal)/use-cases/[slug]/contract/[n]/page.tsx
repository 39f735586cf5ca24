import { ContractPage } from "@/components/contracts/contract-page";
import { Refusal } from "@/components/shell/refusal";
import { requirePrincipal } from "@/lib/auth/queries";
import { getFeasibility } from "@/lib/governance/queries/contract-feasibility";
import { planContract } from "@/lib/governance/queries/contract-plan";
import { getContract, listContracts } from "@/lib/governance/queries/contracts";
import { read } from "@/lib/read";

export default async function Contract({ params }: PageProps<"/use-cases/[slug]/contract/[n]">) {
  const ref = await params;
  const principal = await requirePrincipal();
  const [contract, versions, plan, feasibility] = await Promise.all([
    read(getContract, ref),
    read(listContracts, { slug: ref.slug, limit: 20 }),
    read(planContract, ref),
    read(getFeasibility, ref),
  ]);
  if (!contract.ok) return <Refusal failure={contract.error} />;
  if (!versions.ok) return <Refusal failure={versions.error} />;
  if (!plan.ok) return <Refusal failure={plan.error} />;
  return (
    <ContractPage
      contract={contract.data}
      versions={versions.data.items}
      cannot={plan.data.spec.cannot}
      feasibility={feasibility.ok ? feasibility.data : null}
      principal={principal}
    />
  );
}
