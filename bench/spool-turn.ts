import type { EventLog, RequestFacts } from "@/runtime/event-log";
import { RowMarker } from "@/runtime/row-bins";

/** Requests per turn of the event loop, one row each. */
export const TURN = 64;
const FEATURES = 12;
/** Quantiles of what is written below, as a baseline has them. */
const EDGES = Array.from({ length: 99 }, (_, k) => (k + 1) * 10);
const SCORE = { edges: EDGES.map((edge) => edge / 1000), exact: false };
const columns = [SCORE, ...Array.from({ length: FEATURES }, () => ({ edges: EDGES, exact: false }))];
const marker = new RowMarker({ baseline: { id: 1, columns } }, FEATURES);

/** Writes one turn: requests `from` to `from + TURN` of a run, one row each. */
export function writeTurn(log: EventLog, run: string, from: number): boolean {
  const receivedAt = Date.now();
  for (let n = from; n < from + TURN; n++) {
    const eventTime = Date.UTC(2001, 3, 23) + n;
    const facts: RequestFacts = {
      client: "bench",
      source: "live",
      id: `${run}-${n}`,
      rows: 1,
      receivedAt,
      eventTime,
      featureTime: eventTime - 1000,
    };
    const x = Float32Array.from({ length: FEATURES }, (_, k) => (n * (k + 1)) % 1000);
    const y = Float32Array.of(0.25, 0.75);
    log.request("bench-r1", facts, 500 + (n % 1000), "model", "", {
      revision: "bench-r1",
      x,
      xAt: 0,
      features: FEATURES,
      y,
      yAt: 0,
      width: 2,
      scoreIndex: 1,
      threshold: 0.5,
      marker,
    });
  }
  return log.commit();
}
