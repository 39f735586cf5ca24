import { ClauseState } from "@/components/ui/clause-state";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { DrillReport } from "@/lib/governance/drill-report";
import { delayWords, FAULT_WORDS, tied } from "./drill-words";

/** Each fault: what the contract declares, what callers got, and how long it took. */
export function DrillTable({ report }: { readonly report: DrillReport }) {
  return (
    <Table label="Drill, by fault" minWidth={760}>
      <Thead>
        <Th>Fault</Th>
        <Th>Declared</Th>
        <Th>Seen</Th>
        <Th numeric title="From the fault to the first answer that stood in for the model">
          Stood in
        </Th>
        <Th numeric title="From the end of the fault to the first answer of the model">
          Back
        </Th>
        <Th>Result</Th>
      </Thead>
      <Tbody>
        {report.faults.map(({ fault, declared, seen, passed, times }) => (
          <Tr key={fault}>
            <Td className="align-top">
              {FAULT_WORDS[fault]}
              <Sub>
                <span className="num text-xs">{fault}</span>
              </Sub>
            </Td>
            <Td className="max-w-64 align-top">{tied(declared)}</Td>
            <Td className="max-w-72 align-top">{tied(seen)}</Td>
            <Td numeric className="align-top" title={times.firstStandInMs === null ? "nothing stood in" : undefined}>
              {delayWords(times.firstStandInMs)}
            </Td>
            <Td numeric className="align-top" title={times.recoveredMs === null ? "it did not come back" : undefined}>
              {delayWords(times.recoveredMs)}
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
