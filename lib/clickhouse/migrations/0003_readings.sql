-- Every evaluation of every clause: what was measured, over what, and what it was taken for. NaN = not measured.
CREATE TABLE IF NOT EXISTS clause_readings (
  endpoint LowCardinality(String),
  contract LowCardinality(String),
  clause LowCardinality(String),
  evaluated_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  as_of Nullable(DateTime64(3, 'UTC')),
  value Float64,
  low Float64,
  high Float64,
  n UInt64,
  window_from Nullable(DateTime64(3, 'UTC')),
  window_to Nullable(DateTime64(3, 'UTC')),
  state LowCardinality(String),
  reason String CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMM(evaluated_at)
ORDER BY (endpoint, clause, evaluated_at)
TTL toDateTime(evaluated_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;
