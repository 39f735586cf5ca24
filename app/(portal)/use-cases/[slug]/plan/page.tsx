import { ContractVersions } from "@/components/contracts/contract-versions";
import { PlanView } from "@/components/contracts/plan-view";
import { Refusal } from "@/components/shell/refusal";
import { EmptyState } from "@/components/ui/empty-state";
import { WithAside } from "@/components/ui/layout";
import { Panel } from "@/components/ui/panel";
import { planContract } from "@/lib/governance/queries/contract-plan";
import { listContracts } from "@/lib/governance/queries/contracts";
import { pick } from "@/lib/query-string";
import { read } from "@/lib/read";

export default async function Plan({ params, searchParams }: PageProps<"/use-cases/[slug]/plan">) {
  const { slug } = await params;
  const { version } = pick(await searchParams, ["version"]);
  const versions = await read(listContracts, { slug, limit: 20 });
  if (!versions.ok) return <Refusal failure={versions.error} />;
  const n = version ?? versions.data.items[0]?.number;
  if (n === undefined) {
    return (
      <Panel title="Plan">
        <EmptyState title="No contract yet">Its plan shows every line that it compiles to, with its clause.</EmptyState>
      </Panel>
    );
  }
  const plan = await read(planContract, { slug, n });
  if (!plan.ok) return <Refusal failure={plan.error} />;
  return (
    <WithAside
      aside={
        <ContractVersions
          versions={versions.data.items}
          current={plan.data.number}
          href={`/use-cases/${slug}/plan?version={n}`}
        />
      }
    >
      <PlanView slug={slug} plan={plan.data} />
    </WithAside>
  );
}
