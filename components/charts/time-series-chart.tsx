"use client";

import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import { formatDuration } from "@/lib/format";
import { ChartLegend } from "./chart-legend";
import { ChartTable } from "./chart-table";
import { type Change, MAX_SERIES, type Series, type SignedLine, topSeries, toRows } from "./series";
import { summarise } from "./summary";

// The drawing library is large and draws nothing on the server: it comes after the page.
const TimeSeriesPlot = dynamic(() => import("./time-series-plot").then((module) => module.TimeSeriesPlot), {
  ssr: false,
  loading: () => <Skeleton className="mx-4 h-full" />,
});

export type TimeSeriesChartProps = {
  /** What it shows; its accessible name. */
  readonly label: string;
  readonly unit: string;
  /** The range of the x axis, in milliseconds; give stacked charts the same. */
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly series: readonly Series[];
  /** How many there are, where the server already left some out. */
  readonly totalSeries?: number;
  readonly signed?: readonly SignedLine[];
  readonly changes?: readonly Change[];
  /** Start of the last bucket while it is still growing. */
  readonly unfinishedFrom?: number;
  /** Beside the legend: n, source, label coverage. */
  readonly note?: string;
  readonly height?: number;
  /** Charts with the same name show the same moment. */
  readonly syncId?: string;
};

const NONE: readonly never[] = [];

/** Values over time against what was signed. Its height is reserved before the drawing comes; a table has the same data. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { label, unit, from, to, bucketMs, unfinishedFrom, height = 190 } = props;
  const { signed = NONE, changes: given = NONE } = props;
  const [asTable, setAsTable] = useState(false);
  const series = useMemo(() => topSeries(props.series), [props.series]);
  const rows = useMemo(() => toRows(series, bucketMs, unfinishedFrom), [series, bucketMs, unfinishedFrom]);
  const changes = useMemo(() => given.filter(({ at }) => at >= from && at <= to), [given, from, to]);
  const chart = { label, unit, from, to, bucketMs, series, rows, signed, changes };
  const empty = rows.every(({ values }) => values.every((value) => value === null));

  return (
    <figure className="pb-2">
      <figcaption className="sr-only">{summarise(chart)}</figcaption>
      <Legend {...props} shown={series} asTable={asTable} onToggle={() => setAsTable((shown) => !shown)} />
      <div style={{ height }}>
        {asTable ? (
          <ChartTable {...chart} unfinishedFrom={unfinishedFrom} />
        ) : empty ? (
          <p className="flex h-full items-center justify-center text-muted">No measurements in this range.</p>
        ) : (
          <TimeSeriesPlot {...chart} unfinishedFrom={unfinishedFrom} height={height} syncId={props.syncId} />
        )}
      </div>
    </figure>
  );
}

type LegendProps = TimeSeriesChartProps & {
  readonly shown: readonly Series[];
  readonly asTable: boolean;
  readonly onToggle: () => void;
};

function Legend({ shown, series, unit, totalSeries, bucketMs, unfinishedFrom, note, asTable, onToggle }: LegendProps) {
  const total = Math.max(totalSeries ?? 0, series.length);
  const notes = [
    unit !== "" && unit !== "ratio" && `in ${unit}`,
    total > shown.length && `top ${Math.min(MAX_SERIES, shown.length)} of ${total}`,
    note,
    `${formatDuration(bucketMs)} buckets`,
    unfinishedFrom !== undefined && "last bucket unfinished",
    "UTC",
  ];
  return (
    <ChartLegend
      series={shown.map(({ name, dashed }, colour) => ({ name, dashed, colour }))}
      asTable={asTable}
      onToggle={onToggle}
    >
      <li>{notes.filter(Boolean).join(" · ")}</li>
    </ChartLegend>
  );
}
