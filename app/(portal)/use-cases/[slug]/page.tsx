import { RecentChanges } from "@/components/contracts/recent-changes";
import { SignaturesPanel } from "@/components/contracts/signatures-panel";
import { UseCaseFacts } from "@/components/contracts/use-case-facts";
import { LedgerPanel } from "@/components/monitoring/ledger-panel";
import { Refusal } from "@/components/shell/refusal";
import { WithAside } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import { getUseCase } from "@/lib/contracts/queries";
import { listEndpoints } from "@/lib/deployments/queries";
import { getContract } from "@/lib/governance/queries/contracts";
import { listUseCaseHistory } from "@/lib/governance/queries/use-case-history";
import { getLedger } from "@/lib/monitoring/queries/ledger";
import { read } from "@/lib/read";

export default async function UseCaseLedger({ params }: PageProps<"/use-cases/[slug]">) {
  const { slug } = await params;
  const [useCase, endpoints, ledger, history] = await Promise.all([
    read(getUseCase, { slug }),
    read(listEndpoints, { useCase: slug }),
    read(getLedger, { slug }),
    read(listUseCaseHistory, { slug, limit: 6 }),
  ]);
  if (!useCase.ok) return <Refusal failure={useCase.error} />;
  if (!endpoints.ok) return <Refusal failure={endpoints.error} />;
  // Whose signatures stand beside the ledger: the contract that is measured, else the signed one, else the one worked on.
  const { signedContract, latestContract } = useCase.data;
  const n = (ledger.ok && ledger.data.contract?.number) || (signedContract ?? latestContract)?.number;
  const contract = n ? await read(getContract, { slug, n }) : null;
  return (
    <>
      <UseCaseFacts useCase={useCase.data} endpoints={endpoints.data.items} />
      <WithAside
        aside={
          <>
            {contract?.ok && <SignaturesPanel contract={contract.data} />}
            {history.ok && <RecentChanges slug={slug} events={history.data.items} />}
          </>
        }
      >
        {ledger.ok ? (
          <LedgerPanel slug={slug} initial={ledger.data} />
        ) : (
          <Notice tone="risk" title="The ledger cannot be shown">
            {ledger.error.message}
          </Notice>
        )}
      </WithAside>
    </>
  );
}
