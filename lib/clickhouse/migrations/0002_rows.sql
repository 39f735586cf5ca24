-- One row per scored row (event clock). The columns up to `predicted` are the runtime's wire format (lib/inference/events.ts).
-- event_time is already clamped to received_at + skew (clamped = 1). Rows without a time of their own (has_event_time = 0, clock `supplied`)
-- stay out of event windows. Partitions and TTL go by receive time: a replay carries old event times.
-- Identity = (endpoint, client, request_id, row) = row_key. A client that repeats an unanswered request makes the same identity twice:
-- whoever reads rows takes one per row_key, the one received last.
CREATE TABLE IF NOT EXISTS inference_rows (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  client LowCardinality(String),
  request_id String CODEC(ZSTD(1)),
  row UInt16 CODEC(T64, ZSTD(1)),
  event_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  has_event_time Bool,
  clamped Bool,
  num Array(Float32) CODEC(ZSTD(1)),
  cat Array(LowCardinality(String)),
  ages_s Array(Float32) CODEC(ZSTD(1)),
  score Float32 CODEC(ZSTD(1)),
  predicted Float32 CODEC(ZSTD(1)),
  row_key UInt64 DEFAULT sipHash64(endpoint, client, request_id, row)
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(received_at)
ORDER BY (endpoint, source, event_time)
TTL toDateTime(received_at) + INTERVAL 45 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Ground truth as it comes in. A label waits here until its row is known; then it is copied to ground_truth and marked.
-- A label sent again keeps its first receive time, and a settled one stays settled.
CREATE TABLE IF NOT EXISTS ground_truth_inbox (
  endpoint LowCardinality(String),
  client LowCardinality(String),
  request_id String CODEC(ZSTD(1)),
  row UInt16,
  observed_at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  id String CODEC(ZSTD(1)),
  value Float32,
  withdrawn Bool DEFAULT 0,
  settled Bool DEFAULT 0,
  sent_by LowCardinality(String),
  row_key UInt64 DEFAULT sipHash64(endpoint, client, request_id, row),
  label_id UInt64 DEFAULT if(id = '', sipHash64(row_key, observed_at, value, withdrawn), sipHash64(id)),
  version Int64 MATERIALIZED if(settled, toInt64(1), -toUnixTimestamp64Milli(received_at))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (endpoint, row_key, observed_at, label_id)
TTL toDateTime(received_at) + INTERVAL 45 DAY
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Ground truth, bitemporal: nothing is overwritten. The truth of a row as known at T is the label with the latest observation,
-- then the latest receipt, among those received by T. A withdrawal is a label with withdrawn = 1.
CREATE TABLE IF NOT EXISTS ground_truth (
  endpoint LowCardinality(String),
  event_day Date,
  row_key UInt64,
  observed_at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  label_id UInt64,
  value Float32,
  withdrawn Bool DEFAULT 0,
  version Int64 MATERIALIZED -toUnixTimestamp64Milli(received_at)
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(event_day)
ORDER BY (endpoint, event_day, row_key, observed_at, label_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Event clock of an endpoint: watermark, rows that were clamped, rows without a time.
CREATE TABLE IF NOT EXISTS event_clock (
  endpoint LowCardinality(String),
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  watermark SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  n SimpleAggregateFunction(sum, UInt64),
  clamped SimpleAggregateFunction(sum, UInt64),
  without_time SimpleAggregateFunction(sum, UInt64)
) ENGINE = AggregatingMergeTree
ORDER BY (endpoint, source)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS event_clock_mv TO event_clock AS
SELECT
  i.endpoint AS endpoint, i.source AS source, maxIf(i.event_time, i.has_event_time) AS watermark, count() AS n,
  countIf(i.clamped) AS clamped, countIf(NOT i.has_event_time) AS without_time
FROM inference_rows AS i
WHERE i.source != 'probe'
GROUP BY endpoint, source;

-- Event days whose quality must be computed again: new rows, or new labels.
CREATE TABLE IF NOT EXISTS changed_days (
  endpoint LowCardinality(String),
  event_day Date,
  changed_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
) ENGINE = AggregatingMergeTree
ORDER BY (endpoint, event_day)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS changed_days_rows_mv TO changed_days AS
SELECT i.endpoint AS endpoint, toDate(i.event_time, 'UTC') AS event_day, now64(3) AS changed_at
FROM inference_rows AS i
WHERE i.has_event_time AND i.source != 'probe'
GROUP BY endpoint, event_day;

CREATE MATERIALIZED VIEW IF NOT EXISTS changed_days_truth_mv TO changed_days AS
SELECT g.endpoint AS endpoint, g.event_day AS event_day, now64(3) AS changed_at
FROM ground_truth AS g
GROUP BY endpoint, event_day;

-- Age of the oldest feature of a row, per event hour, in log buckets of milliseconds (32 an octave, as latency); unknown = no age was sent.
CREATE TABLE IF NOT EXISTS freshness_1h (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  hour DateTime('UTC'),
  n SimpleAggregateFunction(sum, UInt64),
  unknown SimpleAggregateFunction(sum, UInt64),
  age SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(UInt64)))
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (source, endpoint, hour, revision)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS freshness_1h_mv TO freshness_1h AS
SELECT
  i.endpoint AS endpoint, i.revision AS revision, i.source AS source, toStartOfHour(toDateTime(i.event_time, 'UTC')) AS hour,
  count() AS n,
  countIf(empty(i.ages_s)) AS unknown,
  sumMapIf(
    [toUInt16(floor(log2(greatest(arrayMax(i.ages_s) * 1000, 1)) * 32))], [toUInt64(1)], notEmpty(i.ages_s)
  ) AS age
FROM inference_rows AS i
WHERE i.has_event_time AND i.source != 'probe'
GROUP BY endpoint, revision, source, hour;

-- Quality: one row per (endpoint, revision, source, event day), recomputed whole for a changed day and replaced (read with FINAL).
-- Sums are over labelled rows: of the squared error, its square, the log loss and its square; arrays are per score bucket of width .001.
CREATE TABLE IF NOT EXISTS quality_day (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  event_day Date,
  scored UInt64,
  labelled UInt64,
  tp UInt64,
  fp UInt64,
  fn UInt64,
  tn UInt64,
  sum_sq Float64,
  sum_sq2 Float64,
  sum_log Float64,
  sum_log2 Float64,
  bucket Array(UInt16) CODEC(ZSTD(1)),
  scored_n Array(UInt32) CODEC(ZSTD(1)),
  pos Array(UInt32) CODEC(ZSTD(1)),
  neg Array(UInt32) CODEC(ZSTD(1)),
  score_sum Array(Float64) CODEC(ZSTD(1)),
  delay_hours Array(UInt16),
  delay_n Array(UInt32),
  computed_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(event_day)
ORDER BY (source, endpoint, event_day, revision)
SETTINGS non_replicated_deduplication_window = 10000;
