import "server-only";
import { z } from "zod";
import { insertRows, queryRows } from "@/lib/clickhouse/client";
import { count } from "@/lib/clickhouse/parse";

/** A label as it was sent. Times in milliseconds since 1970. */
export type IncomingLabel = {
  readonly endpoint: string;
  readonly client: string;
  readonly requestId: string;
  readonly row: number;
  readonly observedAt: number;
  readonly value: number;
  readonly withdrawn: boolean;
  /** The sender's own id; empty: none. */
  readonly id: string;
};

/** Takes labels in as one block: all of them, or none. A label that is known already, by its id or its content, changes nothing. */
export function insertLabels(labels: readonly IncomingLabel[], receivedAt: number, sentBy: string): Promise<void> {
  return insertRows(
    "ground_truth_inbox",
    ["endpoint", "client", "request_id", "row", "observed_at", "received_at", "id", "value", "withdrawn", "sent_by"],
    labels.map((l) => [
      ...[l.endpoint, l.client, l.requestId, l.row, l.observedAt, receivedAt],
      ...[l.id, l.value, l.withdrawn, sentBy],
    ]),
  );
}

const matched = z.object({
  endpoint: z.string(),
  client: z.string(),
  request_id: z.string(),
  row: z.number(),
  observed_at: z.number(),
  received_at: z.number(),
  id: z.string(),
  value: z.number(),
  withdrawn: z.boolean(),
  sent_by: z.string(),
  row_key: z.string(),
  label_id: z.string(),
  event_day: z.iso.date(),
});
type Matched = z.output<typeof matched>;

/** Waiting labels whose row is known by now, with the event day of the row (clocks without a time fall back on the receive time). */
function matchedLabels(limit: number): Promise<Matched[]> {
  const sql = `
WITH waiting AS (
  SELECT * FROM ground_truth_inbox FINAL WHERE NOT settled
),
known AS (
  SELECT endpoint, row_key, argMax(event_time, received_at) AS event_time
  FROM inference_rows
  WHERE source != 'probe' AND endpoint IN (SELECT endpoint FROM waiting) AND row_key IN (SELECT row_key FROM waiting)
  GROUP BY endpoint, row_key
)
SELECT w.endpoint AS endpoint, w.client AS client, w.request_id AS request_id, w.row AS row,
  toUnixTimestamp64Milli(w.observed_at) AS observed_at, toUnixTimestamp64Milli(w.received_at) AS received_at,
  w.id AS id, w.value AS value, w.withdrawn AS withdrawn, w.sent_by AS sent_by,
  toString(w.row_key) AS row_key, toString(w.label_id) AS label_id, toDate(k.event_time, 'UTC') AS event_day
FROM waiting AS w INNER JOIN known AS k ON k.endpoint = w.endpoint AND k.row_key = w.row_key
ORDER BY w.received_at LIMIT {limit:UInt32}`;
  return queryRows(sql, { limit }, matched);
}

/**
 * Moves at most `limit` labels whose row is known from the inbox to the truth; returns how many. Safe to kill and to repeat: the truth
 * replaces a label that it has, and the inbox is marked afterwards.
 */
export async function settleLabels(limit: number): Promise<number> {
  const labels = await matchedLabels(limit);
  await insertRows(
    "ground_truth",
    ["endpoint", "event_day", "row_key", "observed_at", "received_at", "label_id", "value", "withdrawn"],
    labels.map((l) => [
      ...[l.endpoint, l.event_day, l.row_key, l.observed_at, l.received_at, l.label_id],
      ...[l.value, l.withdrawn],
    ]),
  );
  const marked = [
    "endpoint",
    "client",
    "request_id",
    "row",
    "observed_at",
    "received_at",
    "id",
    "value",
    "withdrawn",
  ] as const;
  await insertRows(
    "ground_truth_inbox",
    [...marked, "sent_by", "settled"],
    labels.map((label) => [...marked.map((name) => label[name]), label.sent_by, true]),
  );
  return labels.length;
}

/** Labels that wait for their row, by endpoint. */
export async function labelsWaiting(): Promise<ReadonlyMap<string, number>> {
  const rows = await queryRows(
    "SELECT endpoint, count() AS n FROM ground_truth_inbox FINAL WHERE NOT settled GROUP BY endpoint",
    {},
    z.object({ endpoint: z.string(), n: count }),
  );
  return new Map(rows.map(({ endpoint, n }) => [endpoint, n]));
}
