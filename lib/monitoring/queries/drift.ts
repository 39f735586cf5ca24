import "server-only";
import { driftDays } from "@/lib/clickhouse/drift-days";
import { violationWindows } from "@/lib/clickhouse/drift-windows";
import { eventClocks, qualityDays } from "@/lib/clickhouse/event-windows";
import { type ContractDocument, contractDocument } from "@/lib/contracts/document";
import { driftTestOf } from "@/lib/contracts/drift-test";
import { db, inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { baselinePayload } from "@/lib/monitoring/baseline";
import { calibrationOf } from "@/lib/monitoring/calibration";
import { clauseWindow } from "@/lib/monitoring/clause-window";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import { ofOutput, type Reference } from "@/lib/monitoring/drift";
import { baselineView, proposalView, referencePerformance } from "@/lib/monitoring/drift-baseline";
import { driftColumns } from "@/lib/monitoring/drift-columns";
import { type EndpointDrift, endpointDrift, getEndpointDriftInput } from "@/lib/monitoring/drift-view";
import { promises } from "@/lib/monitoring/endpoint-promises";
import { ESTIMATE_LIMITS } from "@/lib/monitoring/estimated-performance";
import { ledgerRow } from "@/lib/monitoring/ledger-rows";
import { qualityEstimate } from "@/lib/monitoring/quality";
import { type DaySums, isMature, mergeSums, qualityWindows, WINDOW_DAYS } from "@/lib/monitoring/quality-windows";
import { operation } from "@/lib/operation";
import { DAY_MS, type Range } from "@/lib/time";

/**
 * Drift and quality of what serves on an endpoint: every column of the newest window beside the frozen reference, the window of each day,
 * and realised beside estimated quality. From counts by day, never from rows.
 */
export const getEndpointDrift = operation({
  name: "endpoint.drift",
  permission: "endpoint:read",
  input: getEndpointDriftInput,
  output: endpointDrift,
  run: async ({ input }): Promise<EndpointDrift> => {
    const now = Date.now();
    const endpoint = await findEndpoint(input.name);
    const { serving } = endpoint;
    const document = serving ? contractDocument.parse(serving.contract.document) : null;
    const [[reference = null], clocks, days] = await Promise.all([
      serving
        ? inTransaction((tx) =>
            findReferences(tx, [{ endpointId: endpoint.id, modelVersionId: serving.modelVersionId }]),
          )
        : [null],
      eventClocks(),
      qualityDays(endpoint.name, input.days + WINDOW_DAYS - 1),
    ]);
    const watermark = clocks.get(endpoint.name)?.watermark ?? null;
    const judged = windowOf(document, watermark, now);
    const [columns, baseline, proposals] = await Promise.all([
      document && reference && judged ? columnsOf(endpoint.name, document, reference, judged, input.days) : null,
      reference ? readBaseline(reference) : null,
      readProposals(endpoint.id),
    ]);
    return {
      endpoint: endpoint.name,
      revision: serving?.name ?? null,
      version: serving ? { model: serving.modelVersion.model.name, number: serving.modelVersion.number } : null,
      notice: noticeOf({ serving: serving !== null, reference, watermark, rows: columns?.rows ?? 0 }),
      baseline,
      proposals,
      window: judged && { from: iso(judged.from), to: iso(judged.to), rows: columns?.rows ?? 0 },
      test: testView(document),
      signed: promises(document).signed,
      prediction: columns?.prediction ?? null,
      features: [...(columns?.features ?? [])],
      quality: qualityOf(days, document, reference, watermark),
      troubled: troubledOf(endpoint, document, now),
    };
  },
});

const iso = (at: number) => new Date(at).toISOString();

async function findEndpoint(name: string) {
  const row = await db().endpoint.findUnique({
    where: { name },
    include: {
      serving: {
        include: { contract: true, modelVersion: { select: { number: true, model: { select: { name: true } } } } },
      },
      clauseStates: true,
    },
  });
  if (!row) throw new AppError("not_found", `There is no endpoint ${name}.`);
  return row;
}
type FoundEndpoint = Awaited<ReturnType<typeof findEndpoint>>;

const driftClause = (document: ContractDocument | null) =>
  document?.clauses.find(({ metric }) => metric === "drifted_features");

/** The window of the drift clause, or of one like it: seven whole event days. */
function windowOf(document: ContractDocument | null, watermark: number | null, now: number): Range | null {
  const clause = driftClause(document) ?? document?.clauses.find(({ kind }) => kind === "drift");
  const windowSeconds = clause?.windowSeconds ?? (WINDOW_DAYS * DAY_MS) / 1000;
  return clauseWindow({ kind: "drift", clock: "event", windowSeconds, labelDelaySeconds: 0 }, { now, watermark });
}

async function columnsOf(
  endpoint: string,
  document: ContractDocument,
  reference: Reference,
  range: Range,
  days: number,
) {
  const from = range.to - days * DAY_MS - (range.to - range.from);
  const [counts, [violations]] = await Promise.all([
    driftDays({ endpoint, baselines: reference.ids, from, to: range.to }),
    violationWindows([{ endpoint, ...range }]),
  ]);
  const clause = driftClause(document);
  return driftColumns({
    reference: ofOutput(reference, document.interface.output),
    days: counts,
    features: document.interface.features,
    test: driftTestOf(clause ?? {}),
    range,
    predictionLimit: document.clauses.find(({ metric }) => metric === "prediction_drift")?.target ?? null,
    violations: violations ?? { n: 0, byCode: new Map() },
  });
}

function testView(document: ContractDocument | null): EndpointDrift["test"] {
  const clause = driftClause(document);
  const { alpha, correction, limits, floor, factor } = driftTestOf(clause ?? {});
  return { alpha, correction, learned: limits === "learned", floor, factor, signed: clause !== undefined };
}

async function readBaseline(reference: Reference) {
  const row = await db().baseline.findUnique({
    where: { id: reference.id },
    select: {
      ...{ id: true, endpointId: true, reason: true, decidedBy: true },
      modelVersion: { select: { number: true } },
    },
  });
  return row && baselineView(row, reference.payload);
}

async function readProposals(endpointId: string) {
  const rows = await db().baseline.findMany({ where: { endpointId, state: "proposed" }, orderBy: { id: "desc" } });
  return rows.map((row) => proposalView(row, baselinePayload.parse(row.payload)));
}

function noticeOf(facts: { serving: boolean; reference: Reference | null; watermark: number | null; rows: number }) {
  if (!facts.serving) return "Nothing serves here yet, so there is nothing to compare.";
  if (!facts.reference)
    return "The serving version has no reference: it is made from the reference sample it came with.";
  if (facts.watermark === null) return "No prediction has carried an event time yet: the event clock has not started.";
  if (facts.rows === 0)
    return "No row of the window was counted in the bins of this reference: rows are, from the moment its revision serves.";
  return null;
}

function qualityOf(
  days: readonly DaySums[],
  document: ContractDocument | null,
  reference: Reference | null,
  watermark: number | null,
): EndpointDrift["quality"] {
  const { labelDelaySeconds } = promises(document);
  const threshold = document?.interface.output.threshold ?? 0.5;
  const calibrator = reference?.payload.calibrator ?? null;
  const windows = qualityWindows(days, { watermark, labelDelaySeconds, threshold, calibrator });
  const finished = windows.findLast(({ unfinished, labelled }) => !unfinished && labelled > 0);
  const end = finished && Date.parse(finished.day) + DAY_MS;
  const last = days.filter(({ day }) => {
    const at = Date.parse(day);
    return end !== undefined && at < end && at >= end - WINDOW_DAYS * DAY_MS;
  });
  const sums = mergeSums(last);
  return {
    windows,
    labels: days.map(({ day, scored, labelled }) => ({
      ...{ day, scored, labelled },
      unfinished: !isMature(day, watermark, labelDelaySeconds),
    })),
    labelDelayP95: qualityEstimate("label_delay_p95", sums),
    calibration: [...(calibrationOf(sums.groups)?.bins ?? [])],
    calibrationDay: finished?.day ?? null,
    reference: reference && referencePerformance(reference.payload, threshold),
    limits: [...ESTIMATE_LIMITS],
  };
}

/** Clauses of the event clock that are at risk or breached, the worst first. */
function troubledOf(endpoint: FoundEndpoint, document: ContractDocument | null, now: number) {
  const rows = (document?.clauses ?? [])
    .filter(({ clock }) => clock === "event")
    .map((clause) => {
      const own = endpoint.clauseStates.find(
        ({ clauseId, contractId }) => clauseId === clause.id && contractId === endpoint.serving?.contractId,
      );
      return ledgerRow(clause, own, { why: "not evaluated yet", breachOpenedAt: null, spark: [], now });
    })
    .map(({ id, name, kind, state, reason, since, value }) => ({ id, name, kind, state, reason, since, value }));
  return ["breached", "at_risk"].flatMap((state) => rows.filter((row) => row.state === state));
}
