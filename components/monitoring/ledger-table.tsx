"use client";

import Link from "next/link";
import { Sparkline } from "@/components/charts/sparkline";
import { ClauseState } from "@/components/ui/clause-state";
import { HowMeasured } from "@/components/ui/how-measured";
import { Num } from "@/components/ui/num";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatTarget, unitOf } from "@/lib/contracts/clause-words";
import { formatCount } from "@/lib/format";
import type { LedgerClause } from "@/lib/monitoring/schema";
import { intervalText, measuredLines, sparkLabel, windowText } from "./clause-numbers";

type Props = {
  readonly clauses: readonly LedgerClause[];
  /** Where they are measured: reasons are on its page. */
  readonly endpoint: string | null;
};

/** Every clause: what was signed, what is measured now, and whether it holds. */
export function LedgerTable({ clauses, endpoint }: Props) {
  return (
    <Table label="Clause ledger" minWidth={820}>
      <Thead>
        <Th>Clause</Th>
        <Th numeric>Signed</Th>
        <Th numeric>Now</Th>
        <Th>Last 24 h</Th>
        <Th numeric>n · window</Th>
        <Th>State</Th>
      </Thead>
      <Tbody>
        {clauses.map((clause) => (
          <LedgerRow key={clause.id} clause={clause} endpoint={endpoint} />
        ))}
      </Tbody>
    </Table>
  );
}

/** A clause of the event clock depends on what the rows hold: why it is not met can be said. */
const hasWhy = ({ state, window }: LedgerClause) =>
  window.clock === "event" && (state === "breached" || state === "at_risk");

function LedgerRow({ clause, endpoint }: { readonly clause: LedgerClause; readonly endpoint: Props["endpoint"] }) {
  const interval = intervalText(clause);
  return (
    <Tr id={`clause-${clause.id}`}>
      <Td className="whitespace-nowrap">
        <span className="inline-flex items-center gap-1">
          {clause.name}
          <HowMeasured
            of={clause.name}
            probe={clause.howMeasured.probe}
            window={windowText(clause)}
            n={formatCount(clause.n)}
            more={measuredLines(clause)}
          />
        </span>
      </Td>
      <Td numeric className="whitespace-nowrap">
        {formatTarget(clause)}
      </Td>
      <Td numeric>
        <Num value={clause.value} unit={unitOf(clause.metric)} />
        {interval && <Sub>{interval}</Sub>}
      </Td>
      <Td>
        <Sparkline label={sparkLabel(clause)} values={clause.spark.map(({ value }) => value)} signed={clause.target} />
      </Td>
      <Td numeric className="whitespace-nowrap">
        {formatCount(clause.n)}
        <Sub>{windowText(clause)}</Sub>
      </Td>
      <Td className="max-w-64">
        <ClauseState state={clause.state} title={clause.reason} />
        {clause.state !== "met" && <Sub>{clause.reason}</Sub>}
        {endpoint !== null && hasWhy(clause) && (
          <Sub>
            <Link href={`/endpoints/${endpoint}/drift#why-${clause.id}`} className="link">
              Why, and what to do
            </Link>
          </Sub>
        )}
        {clause.breachOpenedAt && (
          <Sub>
            breach opened <RelativeTime at={clause.breachOpenedAt} />
          </Sub>
        )}
      </Td>
    </Tr>
  );
}
