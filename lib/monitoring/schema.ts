import { z } from "zod";
import { metric } from "@/lib/contracts/document";
import { clauseState, environment } from "@/lib/deployments/schema";
import { exactText } from "@/lib/text";

export const clauseStateName = clauseState;

export type ClauseStateName = z.output<typeof clauseStateName>;

const time = z.iso.datetime().nullable();

/** How a number came about, in words: what "how measured" shows. */
export const howMeasured = z.object({
  /** Where the data come from. */
  source: z.string(),
  /** The clause's probe. */
  probe: z.string(),
  /** Name of the query (a file in lib/clickhouse). */
  query: z.string(),
  /** Which requests or rows count, and how the value and its interval are made. */
  method: z.string(),
});
export type HowMeasured = z.output<typeof howMeasured>;

export const sparkPoint = z.object({
  at: z.iso.datetime(),
  value: z.number().nullable(),
  state: clauseStateName,
});

export const ledgerClause = z.object({
  id: z.string(),
  kind: z.string(),
  metric,
  name: z.string(),
  direction: z.enum(["at_most", "at_least"]),
  target: z.number(),
  atRisk: z.number(),
  unit: z.string(),
  value: z.number().nullable(),
  /** Ends of the 95 % interval; null: unbounded or not measured. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number().int(),
  minSamples: z.number().int(),
  window: z.object({ seconds: z.number().int(), clock: z.enum(["wall", "event"]), from: time, to: time }),
  state: clauseStateName,
  reason: z.string(),
  /** What the clause's clock showed; event time for event clauses. */
  asOf: time,
  evaluatedAt: time,
  since: time,
  /** Whether an open breach is on record. */
  breachOpenedAt: time,
  howMeasured,
  spark: z.array(sparkPoint),
});
export type LedgerClause = z.output<typeof ledgerClause>;

export const getLedgerInput = z.object({
  /** Of the use case. */
  slug: exactText({ max: 100 }),
  environment: environment.default("production"),
});

export const ledger = z.object({
  useCase: z.object({ slug: z.string(), name: z.string() }),
  environment,
  endpoint: z.string().nullable(),
  /** The contract of the serving revision; null: nothing serves, so nothing is measured. */
  contract: z.object({ number: z.number().int(), digest: z.string().nullable() }).nullable(),
  clauses: z.array(ledgerClause),
  /** Why there is nothing to show, else null. */
  notice: z.string().nullable(),
});
export type Ledger = z.output<typeof ledger>;

export const RANGES = ["15m", "1h", "6h", "24h", "7d", "30d"] as const;

export const getEndpointSeriesInput = z
  .object({
    name: exactText({ max: 100 }),
    range: z.enum(RANGES).default("1h"),
    /** Instead of a range: half-open, wall clock. */
    from: z.iso.datetime().optional(),
    to: z.iso.datetime().optional(),
    /** Newest event days of quality. */
    days: z.coerce.number().int().min(1).max(120).default(60),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    error: "from and to go together",
    path: ["to"],
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    error: "from must be before to",
    path: ["to"],
  });

const count = z.number().int();

export const outcomes = z.object({
  model: count,
  fallback: count,
  /** Refused beyond the promised ceiling (429). */
  limited: count,
  /** Refused for what the client sent (400, 401, 403, 404, 413). */
  invalid: count,
  /** Refused by us without a promise behind it (503). */
  unavailable: count,
  error: count,
  timeout: count,
});
export type Outcomes = z.output<typeof outcomes>;

export const percentilePoint = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });

export const serviceNumbers = z.object({
  /** Milliseconds, of requests that were taken on; null without any. `latencyN` is their number. */
  latencyN: count,
  p50: percentilePoint.nullable(),
  p95: percentilePoint.nullable(),
  p99: percentilePoint.nullable(),
  requests: count,
  rows: count,
  /** Highest number of requests per second taken on, averaged over a minute. */
  peakPerSecond: z.number(),
  outcomes,
  /** Answered by the model among requests that had a right to an answer; null without any. */
  availability: percentilePoint.nullable(),
});
export type ServiceNumbers = z.output<typeof serviceNumbers>;

export const serviceBucket = serviceNumbers.extend({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** The bucket is not over yet. */
  unfinished: z.boolean(),
});
export type ServiceBucket = z.output<typeof serviceBucket>;

export const qualityNumbers = z.object({
  scored: count,
  labelled: count,
  /** labelled / scored */
  coverage: z.number(),
  auc: percentilePoint.nullable(),
  calibrationError: percentilePoint.nullable(),
  observedToExpected: z.number().nullable(),
  logLoss: percentilePoint.nullable(),
  accuracy: percentilePoint.nullable(),
});
export type QualityNumbers = z.output<typeof qualityNumbers>;

export const qualityDay = qualityNumbers.extend({
  day: z.iso.date(),
  /** Rows of the day, or labels for them, are still to come. */
  unfinished: z.boolean(),
});
export type QualityDay = z.output<typeof qualityDay>;

export const changeMarker = z.object({
  at: z.iso.datetime(),
  /** deploy | promotion | contract */
  kind: z.string(),
  label: z.string(),
});

export const signedLine = z.object({
  clause: z.string(),
  metric,
  target: z.number(),
  atRisk: z.number(),
  unit: z.string(),
});

export const eventClock = z.object({
  kind: z.enum(["wall", "supplied"]),
  watermark: time,
  rows: count,
  clamped: count,
  withoutTime: count,
  labelsWaiting: count,
});

export const endpointSeries = z.object({
  endpoint: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  bucketSeconds: z.number().int(),
  buckets: z.array(serviceBucket),
  quality: z.array(qualityDay),
  clock: eventClock,
  signed: z.array(signedLine),
  changes: z.array(changeMarker),
  howMeasured: z.object({ service: howMeasured, quality: howMeasured }),
});
export type EndpointSeries = z.output<typeof endpointSeries>;

export const getEndpointSummaryInput = z.object({
  name: exactText({ max: 100 }),
  range: z.enum(RANGES).default("1h"),
});

export const endpointSummary = z.object({
  endpoint: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  service: serviceNumbers,
  probe: z.object({ answers: z.boolean().nullable(), lastAt: time, reason: z.string().nullable() }),
  clock: eventClock,
  signed: z.array(signedLine),
  howMeasured,
});
export type EndpointSummary = z.output<typeof endpointSummary>;

export const groundTruthLine = z.strictObject({
  endpoint: exactText({ max: 100 }),
  /** `<request id>`, or `<request id>/<row>` with the row's position in the request. */
  row: exactText({ max: 200 }),
  /** Subject of the token that asked for the prediction; the sender's own e-mail if absent. */
  client: exactText({ max: 200 }).optional(),
  /** When the outcome was seen: ISO 8601 with an offset, or milliseconds since 1970. */
  observed_at: z.union(
    [z.int().min(0).max(4_102_444_800_000), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))],
    { error: "observed_at must be ISO 8601 with an offset, or milliseconds since 1970" },
  ),
  value: z.union([z.literal(0), z.literal(1)], { error: "value must be 0 or 1" }),
  /** The label does not hold after all. */
  withdrawn: z.boolean().optional(),
  /** The sender's own id of this label: sent again under it, nothing changes. */
  id: exactText({ max: 200 }).optional(),
});
export type GroundTruthLine = z.output<typeof groundTruthLine>;

export const MAX_GROUND_TRUTH_LINES = 100_000;
export const MAX_GROUND_TRUTH_LINE_BYTES = 4096;

export const recordGroundTruthInput = z.object({
  lines: z.array(groundTruthLine).min(1, "send at least one line").max(MAX_GROUND_TRUTH_LINES),
});

/** Labels are taken in; they count once their row is known, which takes seconds. */
export const groundTruthReceipt = z.object({ received: z.number().int(), receivedAt: z.iso.datetime() });
