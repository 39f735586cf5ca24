-- Every measured table. MergeTree in one server; a cluster replaces the engines by their Replicated forms.
-- source: 'live' feeds clauses; 'probe' only says whether an endpoint is up; 'imported' is shown as such and feeds no clause.

-- One row per request (wall clock). The columns up to `reason` are the runtime's wire format (lib/inference/events.ts).
CREATE TABLE IF NOT EXISTS inference_requests (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  received_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  client LowCardinality(String),
  request_id String CODEC(ZSTD(1)),
  latency_us UInt32 CODEC(T64, ZSTD(1)),
  row_count UInt32 CODEC(T64, ZSTD(1)),
  outcome Enum8('model' = 1, 'secondary' = 2, 'fallback' = 3, 'rejected' = 4, 'error' = 5, 'timeout' = 6),
  reason LowCardinality(String),
  INDEX by_id request_id TYPE bloom_filter(0.01) GRANULARITY 4
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(received_at)
ORDER BY (endpoint, source, received_at)
TTL toDateTime(received_at) + INTERVAL 45 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Rollup per minute and by rows in a request (batch), because a clause's population is a range of it.
-- good = answered (model, secondary, fallback); fell_back = secondary or fallback; limited = refused beyond the promised ceiling;
-- invalid = refused for what the client sent.
-- latency: requests that were taken on (good or timed out) by log bucket, 32 an octave (2.2 % wide): bucket b holds [2^(b/32), 2^((b+1)/32)) us.
CREATE TABLE IF NOT EXISTS sli_1m (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  minute DateTime('UTC'),
  batch UInt16,
  n SimpleAggregateFunction(sum, UInt64),
  good SimpleAggregateFunction(sum, UInt64),
  fell_back SimpleAggregateFunction(sum, UInt64),
  rejected SimpleAggregateFunction(sum, UInt64),
  limited SimpleAggregateFunction(sum, UInt64),
  invalid SimpleAggregateFunction(sum, UInt64),
  failed SimpleAggregateFunction(sum, UInt64),
  timed_out SimpleAggregateFunction(sum, UInt64),
  row_total SimpleAggregateFunction(sum, UInt64),
  latency SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(UInt64)))
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (source, minute, endpoint, revision, batch)
TTL minute + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS sli_1h (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  hour DateTime('UTC'),
  batch UInt16,
  n SimpleAggregateFunction(sum, UInt64),
  good SimpleAggregateFunction(sum, UInt64),
  fell_back SimpleAggregateFunction(sum, UInt64),
  rejected SimpleAggregateFunction(sum, UInt64),
  limited SimpleAggregateFunction(sum, UInt64),
  invalid SimpleAggregateFunction(sum, UInt64),
  failed SimpleAggregateFunction(sum, UInt64),
  timed_out SimpleAggregateFunction(sum, UInt64),
  row_total SimpleAggregateFunction(sum, UInt64),
  latency SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(UInt64)))
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (source, endpoint, hour, revision, batch)
TTL hour + INTERVAL 800 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS sli_1m_mv TO sli_1m AS
SELECT
  r.endpoint AS endpoint, r.revision AS revision, r.source AS source,
  toStartOfMinute(toDateTime(r.received_at, 'UTC')) AS minute,
  toUInt16(least(r.row_count, 65535)) AS batch,
  count() AS n,
  countIf(r.outcome IN ('model', 'secondary', 'fallback')) AS good,
  countIf(r.outcome IN ('secondary', 'fallback')) AS fell_back,
  countIf(r.outcome = 'rejected') AS rejected,
  countIf(r.outcome = 'rejected' AND r.reason IN ('ceiling', 'client')) AS limited,
  countIf(r.outcome = 'rejected' AND r.reason IN ('token', 'audience', 'body', 'tensor', 'model')) AS invalid,
  countIf(r.outcome = 'error') AS failed,
  countIf(r.outcome = 'timeout') AS timed_out,
  sum(r.row_count) AS row_total,
  sumMapIf(
    [toUInt16(floor(log2(greatest(r.latency_us, 1)) * 32))], [toUInt64(1)],
    r.outcome IN ('model', 'secondary', 'fallback', 'timeout')
  ) AS latency
FROM inference_requests AS r
GROUP BY endpoint, revision, source, minute, batch;

CREATE MATERIALIZED VIEW IF NOT EXISTS sli_1h_mv TO sli_1h AS
SELECT
  m.endpoint AS endpoint, m.revision AS revision, m.source AS source, toStartOfHour(m.minute) AS hour, m.batch AS batch,
  sum(m.n) AS n, sum(m.good) AS good, sum(m.fell_back) AS fell_back, sum(m.rejected) AS rejected, sum(m.limited) AS limited,
  sum(m.invalid) AS invalid, sum(m.failed) AS failed, sum(m.timed_out) AS timed_out, sum(m.row_total) AS row_total,
  sumMap(m.latency) AS latency
FROM sli_1m AS m
GROUP BY endpoint, revision, source, hour, batch;

-- What the synthetic probe saw, from outside. Kept here too because a stopped endpoint writes no events.
CREATE TABLE IF NOT EXISTS probe_results (
  endpoint LowCardinality(String),
  at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  ok Bool,
  status UInt16,
  latency_us UInt32,
  reason String CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (endpoint, at)
TTL toDateTime(at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000;
