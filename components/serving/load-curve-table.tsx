import { ScrollRegion } from "@/components/ui/scroll-region";
import { Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatCount, formatNumber } from "@/lib/format";
import { leftOut } from "@/lib/serving/feasibility";
import type { LoadCurve } from "@/lib/serving/load-curve";

const HEADS = ["Offered /s", "Answered /s", "p50 ms", "p95 ms", "p99 ms", "Max ms", "n", "Left out %", "CPU s/1,000"];

/** The numbers of a curve, by offered rate. */
export function LoadCurveTable({ curve }: { readonly curve: LoadCurve }) {
  return (
    <ScrollRegion label="Data of the load curve" className="h-full">
      <table className="w-full border-separate border-spacing-0">
        <Thead>
          {HEADS.map((head) => (
            <Th key={head} numeric>
              {head}
            </Th>
          ))}
        </Thead>
        <Tbody>
          {curve.steps.map((step) => {
            const { latencyMs: latency } = step;
            return (
              <Tr key={step.offeredPerSecond}>
                <Cell value={step.offeredPerSecond} />
                <Cell value={step.achievedPerSecond} />
                <Cell value={latency?.p50 ?? null} />
                <Cell value={latency?.p95 ?? null} />
                <Cell value={latency?.p99 ?? null} />
                <Cell value={latency?.max ?? null} />
                <Td numeric className="py-1">
                  {formatCount(step.n)}
                </Td>
                <Cell value={100 * leftOut(step)} />
                <Cell value={step.cpuSecondsPer1000} />
              </Tr>
            );
          })}
        </Tbody>
      </table>
    </ScrollRegion>
  );
}

function Cell({ value }: { readonly value: number | null }) {
  return (
    <Td numeric className="py-1" title={value === null ? undefined : String(value)}>
      {value === null ? "—" : formatNumber(value)}
    </Td>
  );
}
