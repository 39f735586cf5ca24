import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { seriesColour } from "./series";

type Props = {
  /** `colour`: number of the series' colour. */
  readonly series: readonly { readonly name: string; readonly dashed?: boolean | undefined; readonly colour: number }[];
  /** List items after the lines: other marks, notes. */
  readonly children?: ReactNode;
  readonly asTable: boolean;
  readonly onToggle: () => void;
};

/** Which line is which, and the switch between the drawing and its table. */
export function ChartLegend({ series, children, asTable, onToggle }: Props) {
  return (
    <div className="flex items-start justify-between gap-4 px-4 pt-2 pb-1 text-xs text-muted">
      <ul className="flex flex-wrap gap-x-3.5 gap-y-0.5 pt-0.75">
        {series.map(({ name, dashed, colour }) => (
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
        {children}
      </ul>
      <Button size="sm" variant="quiet" aria-pressed={asTable} onClick={onToggle}>
        {asTable ? "Chart" : "Table"}
      </Button>
    </div>
  );
}
