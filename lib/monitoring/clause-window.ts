import type { Clause } from "@/lib/contracts/document";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Range } from "@/lib/time";

/** What the clocks of an endpoint show, in milliseconds since 1970. */
export type Clocks = {
  readonly now: number;
  /** Latest accepted event time; null before the first row that carries one. */
  readonly watermark: number | null;
};

/** From which rollup a window is read. Event windows end at whole days (quality, drift) or hours (freshness). */
export type Grain = "minute" | "hour" | "day";

export type ClauseWindow = Range & {
  readonly grain: Grain;
  /** What the clause's own clock shows: evaluations are counted on it. */
  readonly asOf: number;
};

const floorTo = (at: number, step: number) => Math.floor(at / step) * step;

/**
 * The window that a clause is judged over now; null while its clock has not started. Half-open, aligned outwards to the rollup.
 * Wall clock: ends now. Event clock: ends at the watermark; quality and drift at the last whole UTC day before watermark - label delay,
 * so that every row in it is old enough to have its label (drift waits for none) and whole weeks hold every weekday once.
 */
export function clauseWindow(
  clause: Pick<Clause, "kind" | "clock" | "windowSeconds" | "labelDelaySeconds">,
  clocks: Clocks,
): ClauseWindow | null {
  const end = clause.clock === "wall" ? clocks.now : clocks.watermark;
  if (end === null) return null;
  const length = clause.windowSeconds * 1000;
  if (clause.kind === "quality" || clause.kind === "drift") {
    const to = floorTo(end - clause.labelDelaySeconds * 1000, DAY_MS);
    return { from: to - Math.max(DAY_MS, Math.ceil(length / DAY_MS) * DAY_MS), to, grain: "day", asOf: to };
  }
  // One millisecond past the watermark: the row that set it belongs to the window.
  if (clause.kind === "freshness")
    return { from: floorTo(end - length, HOUR_MS), to: end + 1, grain: "hour", asOf: end };
  const byMinute = length <= DAY_MS || clause.kind === "throughput";
  const from = floorTo(end - length, byMinute ? MINUTE_MS : HOUR_MS);
  return { from, to: end, grain: byMinute ? "minute" : "hour", asOf: end };
}
