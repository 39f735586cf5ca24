import { ScrollRegion } from "@/components/ui/scroll-region";
import { Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatQuantity, formatUtc } from "@/lib/format";
import type { Change, Row, Series } from "./series";

type Props = {
  readonly label: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly rows: readonly Row[];
  readonly changes: readonly Change[];
  readonly bucketMs: number;
  readonly unfinishedFrom: number | undefined;
};

/** The data of a chart, newest first, with what changed in each bucket. */
export function ChartTable({ label, unit, series, rows, changes, bucketMs, unfinishedFrom }: Props) {
  return (
    <ScrollRegion label={`Data of ${label}`} className="h-full">
      <table className="w-full border-separate border-spacing-0">
        <Thead>
          <Th>Bucket from, UTC</Th>
          {series.map(({ name }) => (
            <Th key={name} numeric>
              {name}
            </Th>
          ))}
          <Th>Changes</Th>
        </Thead>
        <Tbody>
          {rows.toReversed().map((row) => (
            <Tr key={row.at}>
              <Td className="num py-1">
                {formatUtc(row.at).replace(" UTC", "")}
                {unfinishedFrom !== undefined && row.at >= unfinishedFrom && " (unfinished)"}
              </Td>
              {series.map(({ name }, index) => (
                <ValueCell key={name} value={row.values[index] ?? null} unit={unit} />
              ))}
              <Td className="py-1 text-sm text-muted">
                {changes
                  .filter(({ at }) => at >= row.at && at < row.at + bucketMs)
                  .map((change) => change.label)
                  .join("; ")}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </table>
    </ScrollRegion>
  );
}

function ValueCell({ value, unit }: { readonly value: number | null; readonly unit: string }) {
  const quantity = value === null ? null : formatQuantity(value, unit);
  return (
    <Td numeric className="py-1" title={quantity?.exact}>
      {quantity?.text ?? "no data"}
    </Td>
  );
}
