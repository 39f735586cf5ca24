"use client";

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

/** Every clause: what was signed, what is measured now, and whether it holds. */
export function LedgerTable({ clauses }: { readonly clauses: readonly LedgerClause[] }) {
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
          <LedgerRow key={clause.id} clause={clause} />
        ))}
      </Tbody>
    </Table>
  );
}

function LedgerRow({ clause }: { readonly clause: LedgerClause }) {
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
        {clause.breachOpenedAt && (
          <Sub>
            breach opened <RelativeTime at={clause.breachOpenedAt} />
          </Sub>
        )}
      </Td>
    </Tr>
  );
}
