import { MARK_LINE_PX, spread } from "./labels";
import type { Frame } from "./plot-frame";
import type { XyChart, XySigned } from "./xy";

/** Where values of the plane stand in the drawing, in pixels. */
export type Plane = {
  readonly frame: Frame;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
};

/** Where nothing can be promised: below what was measured, each place by the next measured x. */
export function UnderFloor({ plane, floor }: { readonly plane: Plane; readonly floor: XyChart["floor"] }) {
  const last = floor.at(-1);
  if (!last) return null;
  const { frame, toX, toY } = plane;
  const bottom = frame.top + frame.height;
  const steps = floor.flatMap(({ x, y }, index) => {
    const height = Number.isFinite(y) ? toY(y) : frame.top;
    const from = index === 0 ? frame.left : toX(floor[index - 1]?.x ?? 0);
    return [`L${from} ${height}`, `L${toX(x)} ${height}`];
  });
  return (
    <path
      d={`M${frame.left} ${bottom} ${steps.join(" ")} L${toX(last.x)} ${bottom} Z`}
      fill="var(--breach)"
      fillOpacity={0.07}
    />
  );
}

const CHARACTER_PX = 6.2;
const GAP = 9;

/** The promises: a diamond each, with what it says at the side that has room. */
export function SignedPoints({ plane, signed }: { readonly plane: Plane; readonly signed: readonly XySigned[] }) {
  const { frame, toX, toY } = plane;
  const places = spread(
    signed.map(({ y }) => toY(y)),
    MARK_LINE_PX,
    frame.top + MARK_LINE_PX,
    frame.top + frame.height - 4,
  );
  return (
    <g>
      {signed.map((promise, index) => {
        const x = toX(promise.x);
        const y = toY(promise.y);
        const left = x + GAP + promise.label.length * CHARACTER_PX > frame.left + frame.width;
        return (
          <g key={promise.label}>
            <path
              d={`M${frame.left} ${y} H${x} V${frame.top + frame.height}`}
              fill="none"
              stroke={colourOf(promise)}
              strokeDasharray="2 4"
              strokeOpacity={0.7}
            />
            <path
              d={`M${x} ${y - 5} l5 5 l-5 5 l-5 -5 z`}
              fill={colourOf(promise)}
              stroke="var(--panel)"
              strokeWidth={1.5}
            />
            <text
              x={left ? x - GAP : x + GAP}
              y={(places[index]?.y ?? y) + 4}
              textAnchor={left ? "end" : "start"}
              className="on-drawing"
              fill={colourOf(promise)}
            >
              {promise.label}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** The words of the label say the same. */
export function colourOf({ kept }: Pick<XySigned, "kept">): string {
  return kept === null ? "var(--muted)" : kept ? "var(--met)" : "var(--breach)";
}
