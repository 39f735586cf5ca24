/**
 * The two grains of measured events, as the runtime writes them (RowBinary) and ClickHouse stores them.
 * The order of the columns is the wire format: change it only together with the tables.
 */

/** How a request ended. `rejected`: refused before the model (401, 403, 400, 413, 429, 503). */
export const OUTCOME = { model: 1, secondary: 2, fallback: 3, rejected: 4, error: 5, timeout: 6 } as const;
export type Outcome = keyof typeof OUTCOME;

/** Only `live` events feed clauses. `shadow`: what a candidate said to a copy of a request that another revision answered. */
export const SOURCE = { live: 1, probe: 2, imported: 3, shadow: 4 } as const;
export type Source = keyof typeof SOURCE;

/** Header of a synthetic probe; its events are stored with source `probe`. The value is the host's probe secret. */
export const PROBE_HEADER = "x-proviso-probe";

/**
 * With the probe header: name of the loaded revision that is to answer, for example the candidate before it gets its first request. Another
 * name is refused with 404. Without the probe header it means nothing.
 */
export const REVISION_HEADER = "x-proviso-revision";

/** Columns of an insert into `inference_requests`. */
export const REQUEST_COLUMNS = [
  "endpoint", // String
  "revision", // String: the one that was asked; with outcome `secondary` another one answered
  "source", // Int8
  "received_at", // Int64, milliseconds since 1970
  "client", // String: subject of the token
  "request_id", // String
  "latency_us", // UInt32: head read to just before the answer is written; of source `shadow`: the run of the model alone
  "row_count", // UInt32
  "outcome", // Int8
  "reason", // String: short code of a refusal (ceiling, client, token, audience, body, tensor, queue, breaker, model); of a stand-in its cause (error, timeout, overload, stale); else empty
] as const;

/** Columns of an insert into `inference_rows`. The table adds `row_key` = sipHash64(endpoint, client, request_id, row). */
export const ROW_COLUMNS = [
  "endpoint", // String
  "revision", // String: the one that answered
  "source", // Int8
  "client", // String
  "request_id", // String
  "row", // UInt16, position in the request
  "event_time", // Int64, milliseconds since 1970; never above received_at + skew
  "received_at", // Int64, milliseconds since 1970
  "has_event_time", // UInt8: 0 on clock `supplied` when the request named none
  "clamped", // UInt8: 1 when event_time was ahead of received_at + skew
  "num", // Array(Float32): numeric features in the order of the contract's interface, NaN = missing
  "cat", // Array(String): categories, '' = missing
  "ages_s", // Array(Float32): age of the features in seconds (one value per request for now), empty = unknown
  "score", // Float32
  "predicted", // Float32: 0 or 1 by the threshold
  "baseline", // UInt32: number of the frozen reference whose bins were used, 0 = none
  "bins", // Array(UInt8): bin of the score, then of each feature; BIN below for what has none; empty without a baseline
  "violations", // Array(UInt16): feature * 4 + VIOLATION, for each feature that breaks what the contract declares; usually empty
] as const;

/** Bins that are no range of the reference: a known category too rare to test alone, a value it never had, and no value. */
export const BIN = { other: 253, unseen: 254, missing: 255 } as const;

/** How a value breaks its declaration in the contract. `range`: below min or above max; `type`: an integer that is none. */
export const VIOLATION = { range: 0, type: 1 } as const;

/** How far an event time may lie ahead of the receive time before it is clamped and counted, in milliseconds. */
export const EVENT_TIME_SKEW_MS = 60_000;
