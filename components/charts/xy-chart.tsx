"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { seriesColour } from "./series";
import type { XyChart as Chart } from "./xy";

// The drawing library is large and draws nothing on the server: it comes after the page.
const XyPlot = dynamic(() => import("./xy-plot").then((module) => module.XyPlot), {
  ssr: false,
  loading: () => <Skeleton className="mx-4 h-full" />,
});

type Props = Chart & {
  /** The chart in words, for who cannot see it. */
  readonly summary: string;
  /** The same data, behind a toggle. */
  readonly table: ReactNode;
  /** What the shaded ground means. */
  readonly floorNote: string;
  readonly note?: string;
  readonly height?: number;
};

/** One quantity against another, with what was promised in the same plane. Its height is reserved before the drawing comes. */
export function XyChart({ summary, table, floorNote, note, height = 240, ...chart }: Props) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="pb-2">
      <figcaption className="sr-only">{summary}</figcaption>
      <div className="flex items-start justify-between gap-4 px-4 pt-2 pb-1 text-xs text-muted">
        <ul className="flex flex-wrap gap-x-3.5 gap-y-0.5 pt-0.75">
          {chart.series.map(({ name, dashed, colour }) => (
            <li key={name} className="flex items-center gap-1.25">
              <svg width={12} height={4} aria-hidden="true">
                <line
                  x2={12}
                  y1={2}
                  y2={2}
                  strokeWidth={2}
                  strokeDasharray={dashed ? "4 2" : undefined}
                  style={{ stroke: seriesColour(colour) }}
                />
              </svg>
              {name}
            </li>
          ))}
          {chart.floor.length > 0 && (
            <li className="flex items-center gap-1.25">
              <span aria-hidden className="size-2.5 border border-breach/40 bg-breach/15" />
              {floorNote}
            </li>
          )}
          {note && <li>{note}</li>}
        </ul>
        <Button size="sm" variant="quiet" aria-pressed={asTable} onClick={() => setAsTable((shown) => !shown)}>
          {asTable ? "Chart" : "Table"}
        </Button>
      </div>
      <div style={{ height }}>{asTable ? table : <XyPlot {...chart} height={height} />}</div>
    </figure>
  );
}
