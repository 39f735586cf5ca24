import { EVENT_TIME_SKEW_MS } from "@/lib/inference/events";
import { type RowTimes, timeOfRow } from "./row-times";

type Timed = { rows: number; receivedAt: number; eventTime: RowTimes; featureTime: RowTimes };

/**
 * Positions of the rows whose features were older than `afterMs` at the time of their event. The age is the one that is logged: event
 * time less feature time, receive time where no event time was sent, event times ahead of it by more than the skew cut back.
 * A row without a feature time has no age.
 */
export function staleRows({ rows, receivedAt, eventTime, featureTime }: Timed, afterMs: number): number[] {
  if (featureTime === null) return [];
  const stale: number[] = [];
  for (let row = 0; row < rows; row++) {
    const given = timeOfRow(eventTime, row);
    const at = given < 0 ? receivedAt : Math.min(given, receivedAt + EVENT_TIME_SKEW_MS);
    if (at - timeOfRow(featureTime, row) > afterMs) stale.push(row);
  }
  return stale;
}
