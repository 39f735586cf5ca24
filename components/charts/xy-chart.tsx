"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import { ChartLegend } from "./chart-legend";
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
      <ChartLegend series={chart.series} asTable={asTable} onToggle={() => setAsTable((shown) => !shown)}>
        {chart.floor.length > 0 && (
          <li className="flex items-center gap-1.25">
            <span aria-hidden className="size-2.5 border border-breach/40 bg-breach/15" />
            {floorNote}
          </li>
        )}
        {note && <li>{note}</li>}
      </ChartLegend>
      <div style={{ height }}>{asTable ? table : <XyPlot {...chart} height={height} />}</div>
    </figure>
  );
}
