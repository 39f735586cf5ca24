import { Panel } from "@/components/ui/panel";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import {
  clauseName,
  clauseSentence,
  formatTarget,
  formatValue,
  measurementSentence,
  ownerName,
} from "@/lib/contracts/clause-words";
import type { Clause } from "@/lib/contracts/document";

/** The promises, each in words. */
export function ContractClauses({ clauses }: { readonly clauses: readonly Clause[] }) {
  return (
    <Panel title="Clauses" aside={`${clauses.length} ${clauses.length === 1 ? "promise" : "promises"}`}>
      <Table label="Clauses" minWidth={720}>
        <Thead>
          <Th>Clause</Th>
          <Th numeric>Signed</Th>
          <Th numeric>At risk from</Th>
          <Th>How it is measured</Th>
          <Th>Answers for it</Th>
        </Thead>
        <Tbody>
          {clauses.map((clause) => (
            <Tr key={clause.id} id={clause.id}>
              <Td className="max-w-80">
                <span className="font-medium">{clauseName(clause)}</span>
                <Sub>{clauseSentence(clause)}</Sub>
                <Sub>
                  <span className="num">{clause.id}</span>
                </Sub>
              </Td>
              <Td numeric className="whitespace-nowrap" title={String(clause.target)}>
                {formatTarget(clause)}
              </Td>
              <Td numeric className="whitespace-nowrap" title={String(clause.atRisk)}>
                {formatValue(clause.metric, clause.atRisk)}
              </Td>
              <Td className="max-w-88 text-sm text-muted">{measurementSentence(clause)}</Td>
              <Td>{ownerName(clause.owner)}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </Panel>
  );
}
