import { MARK_LINE_PX, placeMarks, reservedWidth, spread } from "./labels";
import type { Frame } from "./plot-frame";

type End = { readonly name: string; readonly x: number; readonly y: number; readonly colour: string };
type Mark = { readonly x: number; readonly label: string };

/** The name of each series where its line ends, right of the plot. */
export function EndLabels({ plot, ends }: { readonly plot: Frame; readonly ends: readonly End[] }) {
  const places = spread(
    ends.map(({ y }) => y),
    MARK_LINE_PX,
    plot.top + 2,
    plot.top + plot.height,
  );
  return (
    <g>
      {places.map(({ index, y }) => {
        const end = ends[index];
        return (
          end && (
            <text key={end.name} x={plot.left + plot.width + 8} y={y + 4} className="on-drawing" fill={end.colour}>
              {end.name.length > 13 ? `${end.name.slice(0, 12)}…` : end.name}
            </text>
          )
        );
      })}
    </g>
  );
}

type MarkLabelsProps = {
  readonly plot: Frame;
  readonly marks: readonly Mark[];
  /** Names of the signed lines, with the heights of the lines: they stand at the left. */
  readonly signed: readonly { readonly text: string; readonly y: number }[];
};

/** What changed, beside its rule. */
export function MarkLabels({ plot, marks, signed }: MarkLabelsProps) {
  const places = placeMarks(
    marks.map(({ x, label }) => ({ x: x - plot.left, label })),
    plot.width,
    reservedWidth(signed.map(({ text, y }) => ({ text, y: y - plot.top }))),
  );
  return (
    <g>
      {places.map((place, index) => {
        const label = marks[index]?.label;
        return (
          place && (
            <text
              key={`${place.x} ${label}`}
              x={plot.left + place.x + (place.side === "right" ? 4 : -4)}
              y={plot.top + 9 + place.row * MARK_LINE_PX}
              textAnchor={place.side === "right" ? "start" : "end"}
              className="on-drawing"
              fill="var(--muted)"
            >
              {label}
            </text>
          )
        );
      })}
    </g>
  );
}
