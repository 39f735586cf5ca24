"use client";

import { useMemo } from "react";
import { CartesianGrid, Line, LineChart, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";
import { formatNumber, formatQuantity } from "@/lib/format";
import { AXIS_WIDTH, BOTTOM, plotFrame, TICK, TOP } from "./plot-frame";
import { EndLabels, MarkLabels } from "./plot-labels";
import { seriesColour } from "./series";
import { useWidth } from "./use-width";
import { hasHole, placeOn, toXyRows, type XyChart, type XyRow, type XySeries, xScale, yScale } from "./xy";
import { type Plane, SignedPoints, UnderFloor } from "./xy-marks";

type Props = XyChart & { readonly height: number };

export function XyPlot(props: Props) {
  const [frame, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={frame} style={{ height: props.height }}>
      {width > 0 && <Plot {...props} width={width} />}
    </div>
  );
}

function Plot(props: Props & { readonly width: number }) {
  const { label, xUnit, unit, series, signed, marks, floor, height, width } = props;
  const rows = useMemo(() => toXyRows(series), [series]);
  const x = useMemo(() => xScale({ series, signed, marks }), [series, signed, marks]);
  const y = useMemo(() => yScale({ series, signed }), [series, signed]);
  const { plot: frame, right, named } = plotFrame(width, height);
  const plane: Plane = {
    frame,
    toX: (value) => frame.left + frame.width * Math.min(1, Math.max(0, placeOn(x, value))),
    toY: (value) => frame.top + frame.height * (1 - Math.min(1, Math.max(0, placeOn(y, value)))),
  };

  return (
    <LineChart data={rows} width={width} height={height} margin={{ top: TOP, right, bottom: 0, left: 0 }} title={label}>
      <UnderFloor plane={plane} floor={floor} />
      <CartesianGrid vertical={false} stroke="var(--grid)" />
      <XAxis
        type="number"
        dataKey="x"
        scale={x.log ? "log" : "linear"}
        domain={[x.min, x.max]}
        allowDataOverflow
        ticks={[...x.ticks]}
        tickFormatter={(value: number) => formatNumber(value)}
        tick={TICK}
        height={BOTTOM}
        tickLine={false}
        axisLine={{ stroke: "var(--line)" }}
      />
      <YAxis
        width={AXIS_WIDTH}
        type="number"
        scale={y.log ? "log" : "linear"}
        domain={[y.min, y.max]}
        allowDataOverflow
        ticks={[...y.ticks]}
        tickFormatter={(value: number) => formatNumber(value)}
        tick={TICK}
        tickLine={false}
        axisLine={false}
      />
      {marks.map(({ x: at, label: text }) => (
        <ReferenceLine key={text} x={at} stroke="var(--muted)" />
      ))}
      {series.map((each, index) => (
        <Line
          key={each.name}
          name={each.name}
          dataKey={(row: XyRow) => row.values[index]}
          stroke={seriesColour(each.colour)}
          strokeWidth={1.7}
          strokeDasharray={each.dashed ? "4 3" : ""}
          connectNulls={!hasHole(each)}
          dot={{ r: 1.75, strokeWidth: 0, fill: seriesColour(each.colour) }}
          activeDot={{ r: 3 }}
          isAnimationActive={false}
          type="linear"
        />
      ))}
      <SignedPoints plane={plane} signed={signed} />
      <MarkLabels plot={frame} marks={marks.map((mark) => ({ x: plane.toX(mark.x), label: mark.label }))} signed={[]} />
      {named && <EndLabels plot={frame} ends={ends(series, plane)} />}
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: "var(--line-strong)" }}
        content={({ active, payload }) => (
          <Values
            row={active ? (payload?.[0]?.payload as XyRow | undefined) : undefined}
            series={series}
            xUnit={xUnit}
            unit={unit}
          />
        )}
      />
    </LineChart>
  );
}

function ends(series: readonly XySeries[], { toX, toY }: Plane) {
  return series.flatMap(({ name, colour, points }) => {
    const last = points.findLast(({ y }) => y !== null);
    return last && last.y !== null ? [{ name, x: toX(last.x), y: toY(last.y), colour: seriesColour(colour) }] : [];
  });
}

type ValuesProps = Pick<XyChart, "series" | "xUnit" | "unit"> & { readonly row: XyRow | undefined };

/** The exact values at one x. */
function Values({ row, series, xUnit, unit }: ValuesProps) {
  if (!row) return null;
  return (
    <div className="floating px-3 py-2 text-xs">
      <p className="num text-muted">{formatQuantity(row.x, xUnit).text}</p>
      <ul>
        {series.map(({ name, colour }, index) => {
          const value = row.values[index] ?? null;
          return (
            value !== null && (
              <li key={name} className="flex items-center gap-2">
                <span className="h-0.5 w-2.5" style={{ background: seriesColour(colour) }} />
                <span className="flex-1">{name}</span>
                <span className="num">{formatQuantity(value, unit).text}</span>
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
