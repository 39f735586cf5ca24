-- What the runtime adds to each row: the bin of the score and of each feature in the frozen reference, and what breaks the contract's
-- declaration (lib/inference/events.ts). Rows of before have none.
ALTER TABLE inference_rows ADD COLUMN IF NOT EXISTS baseline UInt32;
ALTER TABLE inference_rows ADD COLUMN IF NOT EXISTS bins Array(UInt8) CODEC(ZSTD(1));
ALTER TABLE inference_rows ADD COLUMN IF NOT EXISTS violations Array(UInt16);

-- Counts by bin, event day and column (0 = score, 1... = features): sized by days x columns x bins, not by traffic.
CREATE TABLE IF NOT EXISTS drift_day (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  baseline UInt32,
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  event_day Date,
  feature UInt16,
  bin UInt8,
  n SimpleAggregateFunction(sum, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(event_day)
ORDER BY (source, endpoint, event_day, revision, baseline, feature, bin)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS drift_day_mv TO drift_day AS
SELECT
  i.endpoint AS endpoint, i.revision AS revision, i.baseline AS baseline, i.source AS source,
  toDate(i.event_time, 'UTC') AS event_day, toUInt16(f - 1) AS feature, b AS bin, count() AS n
FROM inference_rows AS i ARRAY JOIN i.bins AS b, arrayEnumerate(i.bins) AS f
WHERE i.has_event_time AND i.source != 'probe'
GROUP BY endpoint, revision, baseline, source, event_day, feature, bin;

-- Rows by event day, and how often each feature broke its declaration (kind: lib/inference/events.ts, VIOLATION; feature 0 = the first).
CREATE TABLE IF NOT EXISTS violations_day (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  event_day Date,
  n SimpleAggregateFunction(sum, UInt64),
  out_of_range SimpleAggregateFunction(sum, UInt64),
  type_changed SimpleAggregateFunction(sum, UInt64),
  by_code SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(UInt64)))
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(event_day)
ORDER BY (source, endpoint, event_day, revision)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS violations_day_mv TO violations_day AS
SELECT
  i.endpoint AS endpoint, i.revision AS revision, i.source AS source, toDate(i.event_time, 'UTC') AS event_day,
  count() AS n,
  countIf(arrayExists(v -> bitAnd(v, 3) = 0, i.violations)) AS out_of_range,
  countIf(arrayExists(v -> bitAnd(v, 3) = 1, i.violations)) AS type_changed,
  sumMap(i.violations, arrayMap(v -> toUInt64(1), i.violations)) AS by_code
FROM inference_rows AS i
WHERE i.has_event_time AND i.source != 'probe'
GROUP BY endpoint, revision, source, event_day;
