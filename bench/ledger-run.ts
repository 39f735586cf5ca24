// Fills the engine of CLICKHOUSE_URL with rows and evaluates every clause several times: arguments endpoints, rows. Last line: JSON.
import { migrateClickHouse } from "@/lib/clickhouse/apply-migrations";
import { execute } from "@/lib/clickhouse/client";
import { insertProbeResults } from "@/lib/clickhouse/probe-results";
import { refreshQualityDay } from "@/lib/clickhouse/quality-refresh";
import { proposeClause } from "@/lib/contracts/archetypes";
import type { Clause } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { profileReference } from "@/lib/monitoring/reference-profile";
import { DAY_MS, HOUR_MS } from "@/lib/time";
import { measureAll, type Question } from "@/worker/clause-facts";

const [endpoints = 50, rows = 10_000_000] = process.argv.slice(2).map(Number);
const FEATURES = 12;
const DAYS = 14;
const ROUNDS = 7;
const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const end = Math.floor(now / DAY_MS) * DAY_MS;
const each = Math.ceil(rows / endpoints);
const names = Array.from({ length: endpoints }, (_, e) => `bench-${e}`);
const features = Array.from({ length: FEATURES }, (_, k) => ({ name: `f${k}`, type: "number" as const }));

/** Rows of one endpoint, spread over the days; score and features are hashes, their bins what the reference of uniform numbers gives. */
const ROWS = `
INSERT INTO inference_rows (endpoint, revision, source, client, request_id, row, event_time, received_at, has_event_time, clamped, num,
  ages_s, score, predicted, baseline, bins)
SELECT {name:String}, {revision:String}, 'live', 'client', toString(number), 0, at, at, 1, 0, f, [toFloat32(60)], s, s >= .5, 1,
  arrayConcat([toUInt8(least(99, floor(s * 100)))], arrayMap(x -> toUInt8(least(99, floor(x * 100))), f))
FROM (
  SELECT number, fromUnixTimestamp64Milli({from:Int64} + toInt64(number * {span:Float64}), 'UTC') AS at,
    toFloat32(pow(cityHash64(number, {name:String}) % 1000000 / 1000000, 1.1)) AS s,
    arrayMap(k -> toFloat32(cityHash64(number, k) % 1000000 / 1000000), range({features:UInt8})) AS f
  FROM numbers({rows:UInt32})
)`;
const LABELS = `
INSERT INTO ground_truth (endpoint, event_day, row_key, observed_at, received_at, label_id, value)
SELECT endpoint, toDate(event_time), row_key, event_time, event_time, row_key, rand() % 1000000 / 1000000 < score
FROM inference_rows WHERE endpoint = {name:String}`;
const REQUESTS = `
INSERT INTO inference_requests
SELECT {name:String}, {revision:String}, 'live', fromUnixTimestamp64Milli({from:Int64} + toInt64(number * {span:Float64} * 10), 'UTC'),
  'client', toString(number), 2000 + cityHash64(number) % 5000, if(number % 2 = 0, 1, 19), 'model', ''
FROM numbers({requests:UInt32})`;

async function fill(name: string): Promise<void> {
  const span = (DAYS * DAY_MS) / each;
  const common = { name, revision: `${name}-r1`, span };
  await execute(ROWS, { ...common, from: end - DAYS * DAY_MS, rows: each, features: FEATURES });
  await execute(LABELS, { name });
  await execute(REQUESTS, { ...common, from: now - DAYS * DAY_MS, requests: Math.floor(each / 10) });
  for (let day = 0; day < DAYS; day++) {
    await refreshQualityDay(name, new Date(end - (day + 1) * DAY_MS).toISOString().slice(0, 10));
  }
  await insertProbeResults([{ endpoint: name, at: now - 2000, ok: true, status: 200, latencyUs: 900, reason: "" }]);
}

function questions(): Question[] {
  const n = 10_000;
  const uniform = Float32Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const times = Float64Array.from({ length: n }, (_, i) => (((i * 7919) % n) * (28 * DAY_MS)) / n);
  const columns = ["score", ...features.map(({ name }) => name)].map((name) => ({ name, values: uniform }));
  const payload = { ...profileReference({ times, columns }), calibrator: null, importance: null };
  const reference = { id: 1, ids: [1], payload };
  const drift: Clause[] = [
    proposeClause("drift_features", "drifted_features", 2, 64),
    proposeClause("drift_prediction", "prediction_drift", 0.2, 64),
    proposeClause("drift_missing", "missing_ratio", 0.05, 64),
    proposeClause("drift_range", "out_of_range_ratio", 0.05, 64),
  ];
  const clauses = [...exampleDocument().clauses, ...drift];
  return names.flatMap((endpoint) =>
    clauses.map((clause) => ({ endpoint, clause, served: { features, reference, drill: null } })),
  );
}

await migrateClickHouse();
for (const name of names) await fill(name);
const asked = questions();
const times: number[] = [];
let measured = await measureAll([], now);
for (let round = 0; round < ROUNDS; round++) {
  const start = performance.now();
  measured = await measureAll(asked, now);
  times.push((performance.now() - start) / 1000);
}
const start = performance.now();
await execute("SELECT avg(score), avg(num[1]) FROM inference_rows FORMAT Null");
const scan = (performance.now() - start) / 1000;
const proven = measured.filter(({ value }) => value !== null).length;
process.stdout.write(`${JSON.stringify({ times, scan, clauses: asked.length, proven })}\n`);
process.exit(0);
