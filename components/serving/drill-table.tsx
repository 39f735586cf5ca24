import { ClauseState } from "@/components/ui/clause-state";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { DrillReport } from "@/lib/governance/drill-report";
import { countsWords, FAULT_WORDS, timesWords } from "./drill-words";

/** Each fault: what the contract declares, what callers got, and how long it took. */
export function DrillTable({ report }: { readonly report: DrillReport }) {
  return (
    <Table label="Drill, by fault" minWidth={720}>
      <Thead>
        <Th>Fault</Th>
        <Th>Declared</Th>
        <Th>Seen</Th>
        <Th>Result</Th>
      </Thead>
      <Tbody>
        {report.faults.map(({ fault, declared, seen, passed, times, counts }) => (
          <Tr key={fault}>
            <Td className="align-top whitespace-nowrap">
              {FAULT_WORDS[fault]}
              <Sub>
                <span className="num text-xs">{fault}</span>
              </Sub>
            </Td>
            <Td className="max-w-72 align-top">{declared}</Td>
            <Td className="max-w-96 align-top">
              {seen}
              <Sub>{timesWords(times)}</Sub>
              <Sub>{countsWords(counts)}</Sub>
            </Td>
            <Td className="align-top">
              <ClauseState state={passed ? "met" : "breached"} word={passed ? "Passed" : "Failed"} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
