-- Sum of the absolute error, for MAE. NaN: the day was computed before it was kept; `shape` says so, and the day is computed again
-- while its rows are there. `delay_hours` of such a day are of another kind and are not read.
ALTER TABLE quality_day ADD COLUMN IF NOT EXISTS sum_abs Float64 DEFAULT nan;
ALTER TABLE quality_day ADD COLUMN IF NOT EXISTS shape UInt8 DEFAULT 0;

-- quality_day of the rows of one slice only (a clause names it; lib/monitoring/slices.ts gives its text). Recomputed with its day.
CREATE TABLE IF NOT EXISTS quality_slice_day (
  endpoint LowCardinality(String),
  slice LowCardinality(String),
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
  sum_abs Float64,
  sum_log Float64,
  sum_log2 Float64,
  bucket Array(UInt16) CODEC(ZSTD(1)),
  scored_n Array(UInt32) CODEC(ZSTD(1)),
  pos Array(UInt32) CODEC(ZSTD(1)),
  neg Array(UInt32) CODEC(ZSTD(1)),
  score_sum Array(Float64) CODEC(ZSTD(1)),
  delay_hours Array(UInt16),
  delay_n Array(UInt32),
  shape UInt8,
  computed_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(event_day)
ORDER BY (source, endpoint, slice, event_day, revision)
SETTINGS non_replicated_deduplication_window = 10000;

-- Quality by part of each feature, for "why": per feature (1 = the first) and bin of the frozen reference, replaced whole with its day.
-- n = rows; labelled, score_sum, pos and sum_sq (of the squared error) are over labelled rows.
CREATE TABLE IF NOT EXISTS slice_day (
  endpoint LowCardinality(String),
  revision LowCardinality(String),
  baseline UInt32,
  source Enum8('live' = 1, 'probe' = 2, 'imported' = 3),
  event_day Date,
  feature UInt16,
  bin Array(UInt8) CODEC(ZSTD(1)),
  n Array(UInt32) CODEC(ZSTD(1)),
  labelled Array(UInt32) CODEC(ZSTD(1)),
  pos Array(UInt32) CODEC(ZSTD(1)),
  score_sum Array(Float64) CODEC(ZSTD(1)),
  sum_sq Array(Float64) CODEC(ZSTD(1)),
  computed_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(event_day)
ORDER BY (source, endpoint, event_day, revision, baseline, feature)
SETTINGS non_replicated_deduplication_window = 10000;
