-- A fourth source: 'shadow', what a candidate said to a copy of a request that another revision answered. Rolled up like the others, under
-- its own source; only 'live' feeds clauses.
ALTER TABLE inference_requests MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE sli_1m MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE sli_1h MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE inference_rows MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE event_clock MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE freshness_1h MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE quality_day MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE drift_day MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE violations_day MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE quality_slice_day MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
ALTER TABLE slice_day MODIFY COLUMN source Enum8('live' = 1, 'probe' = 2, 'imported' = 3, 'shadow' = 4);
