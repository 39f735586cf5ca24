import "server-only";
import { eventClocks, qualityDays } from "@/lib/clickhouse/event-windows";
import { labelsWaiting } from "@/lib/clickhouse/ground-truth";
import { lastProbes } from "@/lib/clickhouse/probe-results";
import { serviceSeries, serviceWindows } from "@/lib/clickhouse/service-windows";
import { contractDocument } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { clock as clockKind } from "@/lib/deployments/schema";
import { AppError } from "@/lib/errors";
import { changeMarkers } from "@/lib/monitoring/changes";
import { promises } from "@/lib/monitoring/endpoint-promises";
import { QUALITY_MEASURED, SERVICE_MEASURED } from "@/lib/monitoring/how-measured";
import { livenessOf } from "@/lib/monitoring/liveness";
import { qualityPoints, servicePoints } from "@/lib/monitoring/points";
import {
  endpointSeries,
  endpointSummary,
  getEndpointSeriesInput,
  getEndpointSummaryInput,
} from "@/lib/monitoring/schema";
import { NO_REQUESTS, serviceNumbers } from "@/lib/monitoring/service";
import { bucketedRange } from "@/lib/monitoring/time-range";
import { operation } from "@/lib/operation";
import { HOUR_MS } from "@/lib/time";

const iso = (at: number) => new Date(at).toISOString();

/** Latency, outcomes and availability by bucket of wall time, quality by event day, and what changed: what the endpoint page draws. */
export const getEndpointSeries = operation({
  name: "endpoint.series",
  permission: "endpoint:read",
  input: getEndpointSeriesInput,
  output: endpointSeries,
  run: async ({ input }) => {
    const now = Date.now();
    const { row, signed, population, labelDelaySeconds } = await findEndpoint(input.name);
    const { from, to } = input;
    const range = bucketedRange(from && to ? { from: Date.parse(from), to: Date.parse(to) } : input.range, now);
    const ask = { endpoint: row.name, from: range.from, to: range.to, ...population };
    const [slices, days, clock, changes] = await Promise.all([
      serviceSeries(range.grain, ask, range.bucketSeconds),
      qualityDays(row.name, input.days),
      readClock(row.name, row.clock),
      changesOf(row.id, row.useCaseId, range.from, range.to),
    ]);
    const watermark = clock.watermark === null ? null : Date.parse(clock.watermark);
    return {
      endpoint: row.name,
      from: iso(range.from),
      to: iso(range.to),
      bucketSeconds: range.bucketSeconds,
      buckets: servicePoints(slices, range, now),
      quality: qualityPoints(days, watermark, labelDelaySeconds),
      clock,
      signed,
      changes,
      howMeasured: { service: SERVICE_MEASURED, quality: QUALITY_MEASURED },
    };
  },
});

/** The same numbers over the whole range, for tiles; and whether the endpoint answers its probe. */
export const getEndpointSummary = operation({
  name: "endpoint.summary",
  permission: "endpoint:read",
  input: getEndpointSummaryInput,
  output: endpointSummary,
  run: async ({ input }) => {
    const now = Date.now();
    const { row, signed, population } = await findEndpoint(input.name);
    const { from, to, grain } = bucketedRange(input.range, now);
    const [[service], probes, clock] = await Promise.all([
      serviceWindows(grain, [{ endpoint: row.name, from, to, ...population }]),
      lastProbes(now - HOUR_MS, now + 1),
      readClock(row.name, row.clock),
    ]);
    const probe = probes.get(row.name) ?? null;
    const live = livenessOf(probe, now);
    return {
      endpoint: row.name,
      from: iso(from),
      to: iso(to),
      service: serviceNumbers(service ?? NO_REQUESTS),
      probe: {
        answers: live.kind === "unknown" ? null : live.kind === "answers",
        lastAt: probe?.lastAt ? iso(probe.lastAt) : null,
        reason: live.kind === "answers" ? null : live.reason,
      },
      clock,
      signed,
      howMeasured: SERVICE_MEASURED,
    };
  },
});

async function findEndpoint(name: string) {
  const row = await db().endpoint.findUnique({
    where: { name },
    include: { serving: { include: { contract: { select: { document: true } } } } },
  });
  if (!row) throw new AppError("not_found", `There is no endpoint ${name}.`);
  const document = row.serving ? contractDocument.parse(row.serving.contract.document) : null;
  return { row, ...promises(document) };
}

async function readClock(name: string, kind: string) {
  const [clocks, waiting] = await Promise.all([eventClocks(), labelsWaiting()]);
  const clock = clocks.get(name);
  return {
    kind: clockKind.parse(kind),
    watermark: clock?.watermark ? iso(clock.watermark) : null,
    rows: clock?.n ?? 0,
    clamped: clock?.clamped ?? 0,
    withoutTime: clock?.withoutTime ?? 0,
    labelsWaiting: waiting.get(name) ?? 0,
  };
}

/** Promotions that were applied and contracts that were signed in a range of wall time, oldest first. */
async function changesOf(endpointId: string, useCaseId: string, from: number, to: number) {
  const within = { gte: new Date(from), lt: new Date(to) };
  const [promotions, contracts] = await Promise.all([
    db().promotion.findMany({
      where: { endpointId, appliedAt: within },
      include: { modelVersion: { select: { number: true } }, revision: { select: { name: true } } },
    }),
    db().contract.findMany({ where: { useCaseId, signedAt: within }, select: { number: true, signedAt: true } }),
  ]);
  return changeMarkers(promotions, contracts);
}
