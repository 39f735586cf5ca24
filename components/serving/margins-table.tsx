import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { clauseName } from "@/lib/contracts/clause-words";
import type { ContractDocument } from "@/lib/contracts/document";
import { formatNumber, formatQuantity } from "@/lib/format";
import type { ClauseMargin, Verdict } from "@/lib/serving/feasibility";
import { highestRate, loadClauses } from "@/lib/serving/feasibility";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { marginText } from "./load-curve-view";

export const VERDICT: Readonly<Record<Verdict, { readonly state: ClauseStateName; readonly word: string }>> = {
  feasible: { state: "met", word: "Feasible" },
  infeasible: { state: "breached", word: "Infeasible" },
  unknown: { state: "unproven", word: "Not shown" },
};

type Props = {
  readonly margins: readonly ClauseMargin[];
  readonly document: ContractDocument;
  readonly curve: LoadCurve;
};

/** Each promise of a contract by the curve: what was measured where it counts, and by how much it holds. */
export function MarginsTable({ margins, document, curve }: Props) {
  const highest = highestRate(loadClauses(document), curve)?.offeredPerSecond ?? null;
  return (
    <Table label="Promises by the load curve" minWidth={480}>
      <Thead>
        <Th>Clause</Th>
        <Th numeric>Promised</Th>
        <Th numeric>Measured</Th>
        <Th>By the curve</Th>
      </Thead>
      <Tbody>
        {margins.map((margin) => (
          <Tr key={margin.clause}>
            <Td>
              {clauseName(margin)}
              <Sub>
                <span className="num text-xs">{margin.clause}</span>
              </Sub>
            </Td>
            <Td numeric>{formatQuantity(margin.target, margin.unit).text}</Td>
            <Td numeric title={margin.words}>
              {margin.measured === null ? "—" : formatQuantity(margin.measured, margin.unit).text}
              {margin.high !== null && <Sub>≤ {formatNumber(margin.high)} with 95 %</Sub>}
            </Td>
            <Td className="min-w-48">
              <ClauseState {...VERDICT[margin.verdict]} title={margin.words} />
              <Sub>{margin.margin === null ? margin.words : marginText(margin, highest)}</Sub>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
