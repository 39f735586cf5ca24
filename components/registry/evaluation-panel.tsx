import { Num } from "@/components/ui/num";
import { Panel } from "@/components/ui/panel";
import { Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatInterval, formatUtc } from "@/lib/format";
import type { Evaluation } from "@/lib/registry/model-schema";
import { metricWord } from "./metric-word";

const day = (iso: string) => formatUtc(Date.parse(iso)).slice(0, 10);

/** The offline evaluation as CI reported it: metric, interval, n; dataset and window in the header. */
export function EvaluationPanel({ evaluation }: { readonly evaluation: Evaluation }) {
  const { metrics, dataset, window } = evaluation;
  return (
    <Panel
      title="Evaluation"
      aside={
        <span title={`${window.from} to ${window.to}, the end not included`}>
          {day(window.from)} to {day(window.to)}
        </span>
      }
    >
      <Table label="Metrics of the evaluation" minWidth={420}>
        <Thead>
          <Th>Metric</Th>
          <Th numeric>Value</Th>
          <Th numeric>Interval</Th>
          <Th numeric>n</Th>
        </Thead>
        <Tbody>
          {metrics.map(({ metric, value, low, high, n, slice }) => (
            <Tr key={metricWord(metric, slice)}>
              <Td title={metric}>{metricWord(metric, slice)}</Td>
              <Td numeric>
                <Num value={value} />
              </Td>
              <Td numeric className="text-muted">
                {low === undefined && high === undefined ? "—" : formatInterval(low ?? null, high ?? null)}
              </Td>
              <Td numeric>
                <Num value={n} unit="count" />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      <p className="border-t px-4 py-2 text-sm text-muted wrap-anywhere">
        Measured by the training pipeline on: {dataset}
      </p>
    </Panel>
  );
}
