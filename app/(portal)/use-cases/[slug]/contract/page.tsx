import { redirect } from "next/navigation";
import { Refusal } from "@/components/shell/refusal";
import { EmptyState } from "@/components/ui/empty-state";
import { GatedLink } from "@/components/ui/gated-link";
import { Panel } from "@/components/ui/panel";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { getUseCase } from "@/lib/contracts/queries";
import { read } from "@/lib/read";

export default async function LatestContract({ params }: PageProps<"/use-cases/[slug]/contract">) {
  const { slug } = await params;
  const principal = await requirePrincipal();
  const useCase = await read(getUseCase, { slug });
  if (!useCase.ok) return <Refusal failure={useCase.error} />;
  const { latestContract } = useCase.data;
  if (latestContract) redirect(`/use-cases/${slug}/contract/${latestContract.number}`);
  return (
    <Panel title="Contract">
      <EmptyState
        title="No contract yet"
        command={`proviso contract draft ${slug} --file contract.json`}
        action={
          <GatedLink
            primary
            href={`/use-cases/${slug}/contract/new`}
            reason={permissionReason(principal, "contract:draft")}
          >
            Draft contract
          </GatedLink>
        }
      >
        A first draft is at most six numbers; the rest is proposed. Nothing serves before three persons signed it.
      </EmptyState>
    </Panel>
  );
}
