import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatNumber } from "@/lib/format";
import type { TierAdvice } from "@/lib/serving/tier";
import { priceWords } from "./alternatives-list";

type Finding = TierAdvice["findings"][number];

const NAMES = { cpu: "CPU", gpu: "GPU", edge: "Edge" } as const;

const STANDING: Readonly<Record<Finding["standing"], { readonly state: ClauseStateName; readonly word: string }>> = {
  keeps: { state: "met", word: "Keeps it" },
  breaks: { state: "breached", word: "Does not" },
  unproven: { state: "unproven", word: "Not measured" },
};

/** Every tier: whether it keeps the contract, why, and what a month costs. */
export function TierFindings({ findings, prices }: Pick<TierAdvice, "findings" | "prices">) {
  return (
    <Table label="Tiers" minWidth={560}>
      <Thead>
        <Th>Tier</Th>
        <Th>The contract</Th>
        <Th>Because</Th>
        <Th numeric>A month</Th>
      </Thead>
      <Tbody>
        {findings.map(({ tier, standing, reasons, evidenceId }) => (
          <Tr key={tier}>
            <Td className="align-top font-medium">{NAMES[tier]}</Td>
            <Td className="align-top whitespace-nowrap">
              <ClauseState {...STANDING[standing]} />
            </Td>
            <Td className="min-w-64 align-top">
              {reasons.join(" ")}
              {evidenceId && (
                <Sub>
                  <a className="link" href="#load-curve" title={`Evidence ${evidenceId}`}>
                    by its load curve
                  </a>
                </Sub>
              )}
            </Td>
            <Td numeric className="align-top">
              <Price tier={tier} prices={prices} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Price({
  tier,
  prices: { cpu, gpu },
}: {
  readonly tier: Finding["tier"];
  readonly prices: TierAdvice["prices"];
}) {
  if (tier === "cpu" && cpu) return priceWords(cpu);
  if (tier !== "gpu" || !gpu) return <span className="text-muted">—</span>;
  const hours = `${formatNumber(gpu.gpuHours)} GPU-hours`;
  return (
    <>
      {gpu.money ? `${gpu.money.amount} ${gpu.money.currency} a month (${hours})` : `${hours} a month`}
      <Sub>{gpu.shape}</Sub>
    </>
  );
}
