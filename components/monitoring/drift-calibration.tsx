import { XyChart } from "@/components/charts/xy-chart";
import { EmptyState } from "@/components/ui/empty-state";
import { Panel } from "@/components/ui/panel";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatCount, formatDate, formatNumber } from "@/lib/format";
import type { EndpointDrift } from "@/lib/monitoring/drift-view";

type Props = { readonly bins: EndpointDrift["quality"]["calibration"]; readonly day: string | null };

/** What happened against what was said, in ten bins of equal count: on the diagonal the model keeps its word. */
export function CalibrationChart({ bins, day }: Props) {
  const title = "Calibration: what happened against what was said";
  if (bins.length === 0 || day === null) {
    return (
      <Panel title={title}>
        <EmptyState title="No finished window with labels yet">
          A window is finished when all of its labels are due.
        </EmptyState>
      </Panel>
    );
  }
  const high = Math.max(...bins.flatMap(({ observed, expected }) => [observed, expected]));
  const series = [
    { name: "observed", colour: 0, points: bins.map(({ observed, expected }) => ({ x: expected, y: observed })) },
    {
      name: "as said",
      colour: 7,
      dashed: true,
      points: [
        { x: 0, y: 0 },
        { x: high, y: high },
      ],
    },
  ];
  const summary = `${title}. ${bins
    .map(({ observed, expected }) => `said ${formatNumber(expected)}, happened ${formatNumber(observed)}`)
    .join("; ")}.`;
  return (
    <Panel title={title} aside={`7 event days to ${formatDate(Date.parse(day))}`}>
      <XyChart
        label={title}
        xUnit=""
        unit=""
        series={series}
        signed={[]}
        marks={[]}
        floor={[]}
        floorNote=""
        note="share that came true by mean score"
        summary={summary}
        table={<BinTable bins={bins} />}
        height={200}
      />
    </Panel>
  );
}

function BinTable({ bins }: Pick<Props, "bins">) {
  return (
    <ScrollRegion label="Data of the calibration chart" className="h-full">
      <table className="w-full border-separate border-spacing-0">
        <Thead>
          <Th numeric>Said</Th>
          <Th numeric>Happened</Th>
          <Th numeric>Rows</Th>
        </Thead>
        <Tbody>
          {bins.map(({ n, observed, expected }) => (
            <Tr key={expected}>
              <Td numeric>{formatNumber(expected)}</Td>
              <Td numeric>{formatNumber(observed)}</Td>
              <Td numeric>{formatCount(n)}</Td>
            </Tr>
          ))}
        </Tbody>
      </table>
    </ScrollRegion>
  );
}
