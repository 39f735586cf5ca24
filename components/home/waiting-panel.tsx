import Link from "next/link";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { PromotionSummary } from "@/lib/governance/schema";

export type WaitingContract = {
  readonly useCase: string;
  readonly name: string;
  readonly number: number;
  readonly submittedAt: string | null;
  readonly missing: readonly string[];
};

type Props = { readonly contracts: readonly WaitingContract[]; readonly promotions: readonly PromotionSummary[] };

/** What nobody but this person's role can do next, oldest first. */
export function WaitingPanel({ contracts, promotions }: Props) {
  const count = contracts.length + promotions.length;
  return (
    <Panel title="Waits for you" aside={count > 0 ? "oldest first" : undefined}>
      {count === 0 && <PanelBody className="text-muted">No contract to sign and no promotion to decide.</PanelBody>}
      {contracts.map(({ useCase, name, number, submittedAt, missing }) => (
        <PanelRow
          key={`${useCase} ${number}`}
          sub={`contract to sign; missing: ${missing.join(", ")}`}
          value={submittedAt && <RelativeTime at={submittedAt} />}
        >
          <Link href={`/use-cases/${useCase}/contract/${number}`} className="font-medium hover:underline">
            {name}, contract v{number}
          </Link>
        </PanelRow>
      ))}
      {promotions.map(({ id, model, version, endpoint, requestedBy, createdAt }) => (
        <PanelRow
          key={id}
          sub={`promotion to ${endpoint}, requested by ${requestedBy}`}
          value={<RelativeTime at={createdAt} />}
        >
          <Link href={`/promotions/${id}`} className="font-medium hover:underline">
            {model} v{version}
          </Link>
        </PanelRow>
      ))}
    </Panel>
  );
}
