import { formatDuration, formatQuantity, formatUtc } from "@/lib/format";
import { type Row, type Series, seriesColour } from "./series";

type Props = {
  readonly row: Row | undefined;
  readonly series: readonly Series[];
  readonly unit: string;
  readonly bucketMs: number;
  readonly growing: number | undefined;
};

/** The exact values of one bucket. */
export function ChartTooltip({ row, series, unit, bucketMs, growing }: Props) {
  if (!row) return null;
  return (
    <div className="floating px-3 py-2 text-xs">
      <p className="num text-muted">
        {formatUtc(row.at)} + {formatDuration(bucketMs)}
        {growing !== undefined && row.at >= growing && ", unfinished"}
      </p>
      <ul>
        {series.map(({ name }, index) => {
          const value = row.values[index] ?? null;
          return (
            <li key={name} className="flex items-center gap-2">
              <span className="h-0.5 w-2.5" style={{ background: seriesColour(index) }} />
              <span className="flex-1">{name}</span>
              <span className="num">{value === null ? "no data" : formatQuantity(value, unit).text}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
