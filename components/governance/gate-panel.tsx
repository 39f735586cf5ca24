import Link from "next/link";
import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { Panel } from "@/components/ui/panel";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { GateItem, GateStatus } from "@/lib/governance/gate-item";

const LOOK: Readonly<Record<GateStatus, { readonly state: ClauseStateName; readonly word: string }>> = {
  pass: { state: "met", word: "Pass" },
  fail: { state: "breached", word: "Fail" },
  missing: { state: "unproven", word: "Missing" },
};

type Props = {
  readonly gate: readonly GateItem[];
  /** When it was evaluated: in words. */
  readonly when: string;
  /** Pages of the evidence that a gate reads, by gate. */
  readonly evidence?: Partial<Readonly<Record<GateItem["gate"], string>>>;
};

/** Contract against evidence, one line per gate. */
export function GatePanel({ gate, when, evidence = {} }: Props) {
  const passed = gate.filter(({ status }) => status === "pass").length;
  return (
    <Panel title="Gate" aside={`${passed} of ${gate.length} pass · ${when}`}>
      <Table label="Gate" minWidth={300}>
        <Thead>
          <Th>Rule</Th>
          <Th>Result</Th>
        </Thead>
        <Tbody>
          {gate.map(({ gate: name, title, reasons, status, clause }) => (
            <Tr key={`${name} ${clause ?? ""}`}>
              <Td>
                {title}
                {clause && <span className="num ml-2 text-xs text-muted">{clause}</span>}
                {reasons.map((reason) => (
                  <Sub key={reason}>{reason}</Sub>
                ))}
                {evidence[name] && (
                  <Sub>
                    <Link href={evidence[name]} className="link">
                      See the evidence
                      <span className="sr-only"> for {title}</span>
                    </Link>
                  </Sub>
                )}
              </Td>
              <Td>
                <ClauseState state={LOOK[status].state} word={LOOK[status].word} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </Panel>
  );
}
