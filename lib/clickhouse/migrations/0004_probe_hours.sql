-- Probes by hour: the time lost in a long window without reading every probe of it.
CREATE TABLE IF NOT EXISTS probe_1h (
  endpoint LowCardinality(String),
  hour DateTime('UTC'),
  n SimpleAggregateFunction(sum, UInt64),
  failed SimpleAggregateFunction(sum, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (endpoint, hour)
TTL hour + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS probe_1h_mv TO probe_1h AS
SELECT p.endpoint AS endpoint, toStartOfHour(toDateTime(p.at, 'UTC')) AS hour, count() AS n, countIf(NOT p.ok) AS failed
FROM probe_results AS p
GROUP BY endpoint, hour;
