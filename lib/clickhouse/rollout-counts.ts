import "server-only";
import { z } from "zod";
import { type Params, queryRows } from "@/lib/clickhouse/client";
import { count, histogram } from "@/lib/clickhouse/parse";

/** Two revisions of an endpoint since a moment: one on its way (`candidate`), by its answers or by its shadow, and the one that serves. */
export type RolloutAsk = {
  readonly endpoint: string;
  readonly candidate: string;
  readonly incumbent: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** What the candidate said to copies counts, instead of what it answered. */
  readonly shadow: boolean;
};

/** Requests with a number of rows (both ends included), and from when they are slow, in microseconds. */
export type SlowAsk = RolloutAsk & { readonly minRows: number; readonly maxRows: number; readonly slowUs: number };

/** Width of a bin of the scores is one part of this. */
const SCORE_BINS = 1000;

const ASKS = `SELECT a.1 AS key, a.2 AS endpoint, a.3 AS candidate, a.4 AS incumbent, a.5 AS since, a.6 AS shadow
  FROM (SELECT arrayJoin(arrayZip(range(length({endpoints:Array(String)})), {endpoints:Array(String)}, {candidates:Array(String)},
    {incumbents:Array(String)}, {sinces:Array(Int64)}, {shadows:Array(UInt8)})) AS a)`;

function paramsOf(asks: readonly RolloutAsk[]): Params {
  return {
    endpoints: asks.map((ask) => ask.endpoint),
    candidates: asks.map((ask) => ask.candidate),
    incumbents: asks.map((ask) => ask.incumbent),
    sinces: asks.map((ask) => ask.since),
    shadows: asks.map((ask) => (ask.shadow ? 1 : 0)),
    from: Math.min(...asks.map((ask) => ask.since)),
  };
}

/** `r` beside `a`: an event of one of the two revisions that counts. */
const COUNTS = `r.received_at >= fromUnixTimestamp64Milli({from:Int64}) AND toUnixTimestamp64Milli(r.received_at) >= a.since
  AND ((r.revision = a.candidate AND r.source = if(a.shadow = 1, 'shadow', 'live')) OR (r.revision = a.incumbent AND r.source = 'live'))`;

const serviceRow = z.object({
  key: count,
  isCandidate: z.coerce.boolean(),
  requests: count,
  answered: count,
  fellBack: count,
  ofPopulation: count,
  taken: count,
  slow: count,
});
export type RolloutService = Omit<z.output<typeof serviceRow>, "key" | "isCandidate">;
export type OfBoth<T> = { readonly candidate: T | undefined; readonly incumbent: T | undefined };

/**
 * Requests of both revisions of any number of rollouts, in ONE query, in the order of `asks`. Counted are those with a right to an answer
 * (neither beyond the ceiling nor wrong in themselves); `taken`: answered or timed out.
 */
export async function rolloutService(asks: readonly SlowAsk[]): Promise<OfBoth<RolloutService>[]> {
  if (asks.length === 0) return [];
  const sql = `
WITH asks AS (${ASKS})
SELECT key, isCandidate, sum(right) AS requests, sum(model) AS answered, sum(standIn) AS fellBack,
  sum(right AND inPopulation) AS ofPopulation, sum(took AND inPopulation) AS taken,
  sum(took AND inPopulation AND (late OR latency_us > {slow:Array(UInt64)}[key + 1])) AS slow
FROM (
  SELECT a.key AS key, r.revision = a.candidate AS isCandidate, r.latency_us AS latency_us,
    NOT (r.outcome = 'rejected' AND r.reason IN ('ceiling', 'client', 'token', 'audience', 'body', 'tensor', 'model')) AS right,
    r.outcome = 'model' AS model, r.outcome IN ('secondary', 'fallback') AS standIn, r.outcome = 'timeout' AS late,
    model OR standIn OR late AS took,
    r.row_count BETWEEN {min_rows:Array(UInt32)}[a.key + 1] AND {max_rows:Array(UInt32)}[a.key + 1] AS inPopulation
  FROM inference_requests AS r INNER JOIN asks AS a ON a.endpoint = r.endpoint
  WHERE ${COUNTS}
) GROUP BY key, isCandidate`;
  const own = {
    slow: asks.map((ask) => ask.slowUs),
    min_rows: asks.map((ask) => ask.minRows),
    max_rows: asks.map((ask) => ask.maxRows),
  };
  return ofBoth(asks, await queryRows(sql, { ...paramsOf(asks), ...own }, serviceRow));
}

const scoreRow = z.object({ key: count, isCandidate: z.coerce.boolean(), scores: histogram, bins: histogram });
export type RolloutScores = { readonly scores: readonly number[]; readonly bins: z.output<typeof histogram> };

/** With the baselines whose bins the candidate's rows may carry. */
export type ScoreAsk = RolloutAsk & { readonly baselines: readonly number[] };

/**
 * Scores of both revisions of any number of rollouts, in ONE query: the first row of each request, so that requests are independent of
 * each other. `bins`: the candidate's by the bins of its reference.
 */
export async function rolloutScores(asks: readonly ScoreAsk[]): Promise<OfBoth<RolloutScores>[]> {
  if (asks.length === 0) return [];
  const sql = `
WITH asks AS (${ASKS})
SELECT key, isCandidate, sumMap([bin], [toUInt64(1)]) AS scores, sumMapIf([reference], [toUInt64(1)], isBinned) AS bins
FROM (
  SELECT a.key AS key, r.revision = a.candidate AS isCandidate,
    toUInt16(least(greatest(r.score, 0) * ${SCORE_BINS}, ${SCORE_BINS - 1})) AS bin,
    r.bins[1] AS reference, notEmpty(r.bins) AND has({baselines:Array(UInt32)}, r.baseline) AS isBinned
  FROM inference_rows AS r INNER JOIN asks AS a ON a.endpoint = r.endpoint
  WHERE r.row = 0 AND isFinite(r.score) AND ${COUNTS}
) GROUP BY key, isCandidate`;
  const baselines = [...new Set(asks.flatMap((ask) => ask.baselines))];
  const rows = await queryRows(sql, { ...paramsOf(asks), baselines }, scoreRow);
  const dense = rows.map(({ scores, ...row }) => ({ ...row, scores: denseOf(scores) }));
  return ofBoth(asks, dense);
}

function denseOf({ bucket, count: counts }: z.output<typeof histogram>): readonly number[] {
  const dense = new Array<number>(SCORE_BINS).fill(0);
  for (const [i, bin] of bucket.entries()) dense[bin] = counts[i] ?? 0;
  return dense;
}

function ofBoth<T extends { readonly key: number; readonly isCandidate: boolean }>(
  asks: readonly RolloutAsk[],
  rows: readonly T[],
): OfBoth<T>[] {
  const find = (key: number, isCandidate: boolean) =>
    rows.find((row) => row.key === key && row.isCandidate === isCandidate);
  return asks.map((_, key) => ({ candidate: find(key, true), incumbent: find(key, false) }));
}

const labelRow = z.object({
  revision: z.string(),
  labelled: count,
  wrong: count,
  squaredError: z.number(),
  buckets: z.tuple([z.array(count), z.array(count), z.array(count)]),
});

/** Labelled rows that these revisions answered, over all event days: a candidate has answered only since its rollout began. */
export async function revisionLabels(revisions: readonly string[]) {
  if (revisions.length === 0) return new Map<string, never>();
  const sql = `
SELECT q.revision AS revision, sum(q.labelled) AS labelled, sum(q.fp) + sum(q.fn) AS wrong, sum(q.sum_sq) AS squaredError,
  sumMap(q.bucket, q.pos, q.neg) AS buckets
FROM quality_day AS q FINAL WHERE q.source = 'live' AND q.revision IN {revisions:Array(String)} GROUP BY revision`;
  const rows = await queryRows(sql, { revisions }, labelRow);
  return new Map(
    rows.map(({ revision, buckets: [bucket, positive, negative], ...sums }) => {
      const groups = bucket.map((_, i) => ({ positive: positive[i] ?? 0, negative: negative[i] ?? 0 }));
      return [revision, { ...sums, groups }] as const;
    }),
  );
}
