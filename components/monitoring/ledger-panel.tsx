"use client";

import { useQuery } from "@tanstack/react-query";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { ledgerQuery } from "@/lib/monitoring/query-options";
import type { Ledger } from "@/lib/monitoring/schema";
import { LedgerTable } from "./ledger-table";

type Props = {
  readonly slug: string;
  readonly environment?: "staging" | "production";
  /** What the server rendered; the page asks again by itself. */
  readonly initial: Ledger;
};

/** The clause ledger of a use case, kept current. */
export function LedgerPanel({ slug, environment = "production", initial }: Props) {
  const { data = initial, error } = useQuery({ ...ledgerQuery(slug, environment), initialData: initial });
  const evaluated = data.clauses
    .flatMap(({ evaluatedAt }) => evaluatedAt ?? [])
    .sort()
    .at(-1);
  return (
    <Panel
      title="Clause ledger"
      aside={
        evaluated ? (
          <>
            Measured on the endpoint · evaluated <RelativeTime at={evaluated} />
          </>
        ) : (
          "Not evaluated yet"
        )
      }
    >
      {error && (
        <Notice tone="risk" title="The ledger is not current: the portal does not answer." className="m-3" live>
          {error.message}
        </Notice>
      )}
      {data.clauses.length > 0 ? (
        <LedgerTable clauses={data.clauses} endpoint={data.endpoint} />
      ) : (
        <EmptyState title="Nothing is measured yet">{data.notice}</EmptyState>
      )}
    </Panel>
  );
}
