import { Check, TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RollbackCandidate } from "@/lib/governance/rollback-view";

type Props = { readonly current: RollbackCandidate | null; readonly chosen: RollbackCandidate };

/** What serves now beside what would, and whether what was decided then still holds. */
export function RollbackFacts({ current, chosen }: Props) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 rounded-xl border px-4 py-3 text-sm">
      <Row term="Model version">
        {current && current.version !== chosen.version && <>{versionOf(current)} → </>}
        <strong className="font-medium">{versionOf(chosen)}</strong>
      </Row>
      <Row term="Contract">
        {current && current.contract.number !== chosen.contract.number && <>v{current.contract.number} → </>}
        <strong className="font-medium">v{chosen.contract.number}</strong>
        {chosen.contract.supersededBy && ` (v${chosen.contract.supersededBy} is the newest signed)`}
      </Row>
      <Row term="Approvals" good={chosen.approvals.hold}>
        {chosen.approvals.words}{" "}
        {chosen.promotion !== null && (
          <Link href={`/promotions/${chosen.promotion}`} className="underline underline-offset-2">
            Promotion {chosen.promotion}
          </Link>
        )}
      </Row>
      <Row term="On the target" good={chosen.loaded}>
        {chosen.loaded ? "Warm: answers at once." : "Not loaded: it loads first, what serves now answers until then."}
      </Row>
      <Row term="Served">
        {chosen.servedFrom && (
          <>
            from <RelativeTime at={chosen.servedFrom} />
          </>
        )}
        {chosen.servedTo && (
          <>
            {" "}
            until <RelativeTime at={chosen.servedTo} />
          </>
        )}
      </Row>
      <Row term="Breached then" good={chosen.breaches.length === 0}>
        {chosen.breaches.length === 0 ? "no clause" : chosen.breaches.join(", ")}
        {current && current.breaches.length > 0 && ` (now: ${current.breaches.join(", ")})`}
      </Row>
    </dl>
  );
}

const versionOf = ({ model, version }: RollbackCandidate) => `${model} v${version}`;

type RowProps = { readonly term: string; readonly good?: boolean; readonly children: ReactNode };

/** `good`: a mark in front says whether it is as one would wish. */
function Row({ term, good, children }: RowProps) {
  const Icon = good ? Check : TriangleAlert;
  return (
    <>
      <dt className="text-muted">{term}</dt>
      <dd className="flex gap-1.5">
        {good !== undefined && (
          <Icon aria-hidden className={cn("mt-0.75 size-3.5 shrink-0", good ? "text-met" : "text-risk")} />
        )}
        <span>{children}</span>
      </dd>
    </>
  );
}
