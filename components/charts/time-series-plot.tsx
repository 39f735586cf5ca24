"use client";

import { useMemo } from "react";
import { CartesianGrid, Line, LineChart, ReferenceArea, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";
import { formatNumber, formatPercent } from "@/lib/format";
import { breachAreas, formatTick, timeTicks, valueScale } from "./axis";
import { ChartTooltip } from "./chart-tooltip";
import { AXIS_WIDTH, BOTTOM, plotFrame, TICK, TOP } from "./plot-frame";
import { EndLabels, MarkLabels } from "./plot-labels";
import { type Chart, type Row, type Series, seriesColour } from "./series";
import { useWidth } from "./use-width";

type Props = Chart & {
  readonly unfinishedFrom: number | undefined;
  readonly height: number;
  readonly syncId: string | undefined;
};

export function TimeSeriesPlot(props: Props) {
  const [frame, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={frame} style={{ height: props.height }}>
      {width > 0 && <Plot {...props} width={width} />}
    </div>
  );
}

function Plot(props: Props & { readonly width: number }) {
  const { label, unit, from, to, bucketMs, series, rows, signed, changes, unfinishedFrom, height, width, syncId } =
    props;
  const scale = useMemo(() => valueScale(rows, signed, unit === "ratio" ? 1 : undefined), [rows, signed, unit]);
  const { plot, right, named } = plotFrame(width, height);
  const toX = (at: number) => plot.left + (plot.width * (at - from)) / (to - from);
  const toY = (value: number) => plot.top + plot.height * (1 - (value - scale.min) / (scale.max - scale.min));

  return (
    <LineChart
      data={rows as Row[]}
      width={width}
      height={height}
      margin={{ top: TOP, right, bottom: 0, left: 0 }}
      title={label}
      {...(syncId && { syncId, syncMethod: "value" as const })}
    >
      <CartesianGrid vertical={false} stroke="var(--grid)" />
      <XAxis
        type="number"
        dataKey="at"
        domain={[from, to]}
        allowDataOverflow
        ticks={timeTicks(from, to, Math.max(2, Math.floor(plot.width / 110)))}
        tickFormatter={(at: number) => formatTick(at, to - from)}
        tick={TICK}
        height={BOTTOM}
        tickLine={false}
        axisLine={{ stroke: "var(--line)" }}
      />
      <YAxis
        width={AXIS_WIDTH}
        domain={[scale.min, scale.max]}
        ticks={[...scale.ticks]}
        tickFormatter={(value: number) => (unit === "ratio" ? formatPercent(value) : formatNumber(value))}
        tick={TICK}
        tickLine={false}
        axisLine={false}
      />
      {breachAreas(signed, scale).map(({ from: y1, to: y2 }) => (
        <ReferenceArea key={y1} y1={y1} y2={y2} fill="var(--breach)" fillOpacity={0.07} />
      ))}
      {unfinishedFrom !== undefined && (
        <ReferenceArea x1={Math.max(from, unfinishedFrom)} x2={to} fill="var(--muted)" fillOpacity={0.1} />
      )}
      {changes.map(({ at, label: text }) => (
        <ReferenceLine key={`${at} ${text}`} x={at} stroke="var(--muted)" />
      ))}
      {signed.map(({ label: text, value, worse }) => (
        <ReferenceLine
          key={text}
          y={value}
          stroke="var(--breach)"
          strokeDasharray="5 4"
          label={{
            value: text,
            position: worse === "up" ? "insideBottomLeft" : "insideTopLeft",
            fill: "var(--breach)",
            className: "on-drawing",
          }}
        />
      ))}
      {series.flatMap(({ name, dashed }, index) => [
        <Line
          key={name}
          name={name}
          dataKey={(row: Row) => row.finished[index]}
          stroke={seriesColour(index)}
          strokeWidth={1.7}
          strokeDasharray={dashed ? "4 3" : ""}
          dot={(point) => <Alone key={point.index} {...point} series={index} />}
          activeDot={{ r: 3 }}
          isAnimationActive={false}
          type="linear"
        />,
        <Line
          key={`${name} growing`}
          dataKey={(row: Row) => row.growing[index]}
          stroke={seriesColour(index)}
          strokeWidth={1.7}
          strokeDasharray="2 3"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
          type="linear"
        />,
      ])}
      <MarkLabels
        plot={plot}
        marks={changes.map((change) => ({ x: toX(change.at), label: change.label }))}
        signed={signed.map(({ label: text, value }) => ({ text, y: toY(value) }))}
      />
      {named && <EndLabels plot={plot} ends={ends(series, rows, toX, toY)} />}
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: "var(--line-strong)" }}
        content={({ active, payload }) => (
          <ChartTooltip
            row={active ? (payload?.[0]?.payload as Row | undefined) : undefined}
            series={series}
            unit={unit}
            bucketMs={bucketMs}
            growing={unfinishedFrom}
          />
        )}
      />
    </LineChart>
  );
}

/** A dot only where the line has no neighbour to run to. */
function Alone({ cx, cy, payload, series }: { cx?: number; cy?: number; payload?: Row; series: number }) {
  if (!payload?.alone[series] || cx === undefined || cy === undefined) return null;
  return <circle cx={cx} cy={cy} r={2} fill={seriesColour(series)} />;
}

/** Where each line ends: the last value it has. */
function ends(
  series: readonly Series[],
  rows: readonly Row[],
  toX: (at: number) => number,
  toY: (value: number) => number,
) {
  return series.flatMap(({ name }, index) => {
    const last = rows.findLast((row) => row.values[index] !== null);
    const value = last?.values[index];
    return last && typeof value === "number"
      ? [{ name, x: toX(last.at), y: toY(value), colour: seriesColour(index) }]
      : [];
  });
}
