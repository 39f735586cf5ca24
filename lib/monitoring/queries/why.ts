import "server-only";
import { firstReadingAt } from "@/lib/clickhouse/clause-readings";
import { driftDays } from "@/lib/clickhouse/drift-days";
import { eventClocks, qualityWindows } from "@/lib/clickhouse/event-windows";
import { sliceProfile } from "@/lib/clickhouse/slice-profile";
import { clauseName } from "@/lib/contracts/clause-words";
import { type Clause, type ContractDocument, contractDocument } from "@/lib/contracts/document";
import { driftTestOf } from "@/lib/contracts/drift-test";
import { db, inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { calibrationOf } from "@/lib/monitoring/calibration";
import { changeMarkers } from "@/lib/monitoring/changes";
import { clauseWindow } from "@/lib/monitoring/clause-window";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import type { Reference } from "@/lib/monitoring/drift";
import { driftColumns } from "@/lib/monitoring/drift-columns";
import { type ClauseWhy, clauseWhy, getWhyInput } from "@/lib/monitoring/drift-view";
import { featureParts } from "@/lib/monitoring/feature-parts";
import { ledgerRow } from "@/lib/monitoring/ledger-rows";
import { sliceKey } from "@/lib/monitoring/slices";
import { isAboutLabels, rankFeatures, rankSlices, type WhyFeature, whySteps } from "@/lib/monitoring/why";
import { operation } from "@/lib/operation";
import { DAY_MS, type Range } from "@/lib/time";

/** Changes are looked for so far back. */
const CHANGES_MS = 30 * DAY_MS;
const MOST_CHANGES = 8;
/** Event days proposed to learn from: enough to hold a season's turn. */
const LEARN_DAYS = 60;

/**
 * Why a clause of the event clock is not met: features ranked by importance x effect, parts of features that contribute, what was changed
 * here while the window's rows came in, and what can be done, the most easily undone first. It ranks what contributes; it proves no cause.
 */
export const getClauseWhy = operation({
  name: "clause.why",
  permission: "ledger:read",
  input: getWhyInput,
  output: clauseWhy,
  run: async ({ input }): Promise<ClauseWhy> => {
    const now = Date.now();
    const found = await findClause(input.name, input.clause);
    const { endpoint, serving, document, clause } = found;
    const [[reference = null], clocks] = await Promise.all([
      inTransaction((tx) => findReferences(tx, [{ endpointId: endpoint.id, modelVersionId: serving.modelVersionId }])),
      eventClocks(),
    ]);
    const watermark = clocks.get(endpoint.name)?.watermark ?? null;
    const range = clauseWindow(clause, { now, watermark });
    const rowsMatter = !isAboutLabels(clause);
    const facts =
      range && reference && rowsMatter ? { endpoint: endpoint.name, document, clause, reference, range } : null;
    const [columns, slices, observedToExpected, changes] = await Promise.all([
      facts ? columnsOf(facts) : null,
      facts && clause.kind === "quality" ? slicesOf(facts) : [],
      range && clause.kind === "quality" ? ratioOf(endpoint.name, clause, range) : null,
      changesOf(endpoint, clause, range, now),
    ]);
    const features = (columns?.features ?? []).map(
      ({ name, effect, limit, beyond, importance }): WhyFeature => ({
        ...{ feature: name, limit, beyond, importance },
        effect: effect?.value ?? null,
      }),
    );
    const row = ledgerRow(clause, found.stored, { why: "not evaluated yet", breachOpenedAt: null, spark: [], now });
    return {
      clause: {
        ...{ id: row.id, name: clauseName(clause), kind: row.kind, metric: row.metric, state: row.state },
        ...{ reason: row.reason, since: row.since, value: row.value, target: row.target },
        windowFrom: range && iso(range.from),
        windowTo: range && iso(range.to),
      },
      features: rankFeatures(features),
      slices,
      changes,
      steps: whySteps({
        clause,
        changes: changes.filter(({ within }) => within).map(({ label }) => label),
        previous: endpoint.warm ? `v${endpoint.warm.modelVersion.number} (${endpoint.warm.name})` : null,
        beyond: features.filter(({ beyond }) => beyond).map(({ feature }) => feature),
        observedToExpected,
        qualityHolds: found.qualityHolds,
      }),
      learnFrom: watermark === null ? null : learnFrom(watermark, clause),
      missing: missingOf({ reference, rows: columns?.rows ?? 0, clause, slices: slices.length }),
    };
  },
});

const iso = (at: number) => new Date(at).toISOString();

async function findClause(name: string, id: string) {
  const endpoint = await db().endpoint.findUnique({
    where: { name },
    include: {
      serving: { include: { contract: { select: { document: true } } } },
      warm: { select: { name: true, modelVersion: { select: { number: true } } } },
      clauseStates: true,
    },
  });
  if (!endpoint) throw new AppError("not_found", `There is no endpoint ${name}.`);
  const { serving } = endpoint;
  const document = serving ? contractDocument.parse(serving.contract.document) : null;
  const clause = document?.clauses.find((each) => each.id === id);
  if (!serving || !document || !clause)
    throw new AppError("not_found", `The contract in force on ${name} has no clause ${id}.`);
  if (clause.clock !== "event")
    throw new AppError("invalid", `${clauseName(clause)} does not depend on what the rows hold: see its incident.`);
  const own = endpoint.clauseStates.filter(({ contractId }) => contractId === serving.contractId);
  const kindOf = new Map(document.clauses.map((each) => [each.id, each.kind]));
  const quality = own.filter(({ clauseId }) => kindOf.get(clauseId) === "quality");
  return {
    ...{ endpoint, serving, document, clause },
    stored: own.find(({ clauseId }) => clauseId === id),
    qualityHolds: quality.length > 0 && quality.every(({ state }) => state === "met"),
  };
}

type Facts = {
  readonly endpoint: string;
  readonly document: ContractDocument;
  readonly clause: Clause;
  readonly reference: Reference;
  readonly range: Range;
};

async function columnsOf({ endpoint, document, reference, range }: Facts) {
  const days = await driftDays({ endpoint, baselines: reference.ids, from: range.from, to: range.to });
  return driftColumns({
    ...{ reference, days, range },
    features: document.interface.features,
    test: driftTestOf(document.clauses.find(({ metric }) => metric === "drifted_features") ?? {}),
    predictionLimit: null,
    violations: { n: 0, byCode: new Map() },
  });
}

async function slicesOf({ endpoint, reference, range, clause }: Facts) {
  const profile = await sliceProfile(endpoint, reference.ids, range);
  const parts = profile.flatMap(({ feature, bins }) => {
    const column = reference.payload.columns[feature];
    return column ? [{ feature: column.name, parts: featureParts(column, bins) }] : [];
  });
  return rankSlices(parts, clause.metric);
}

/** Positives over the sum of scores in the clause's window; null without labels. */
async function ratioOf(endpoint: string, { slice }: Clause, range: Range): Promise<number | null> {
  const ask = { endpoint, from: range.from, to: range.to, ...(slice && { slice: sliceKey(slice) }) };
  const [sums] = await qualityWindows([ask]);
  return (sums && calibrationOf(sums.groups)?.observedToExpected) ?? null;
}

/** What was changed here, newest first; `within` from when the first rows of the window came in. */
async function changesOf(
  endpoint: { readonly id: string; readonly name: string; readonly useCaseId: string },
  clause: Clause,
  range: Range | null,
  now: number,
): Promise<ClauseWhy["changes"]> {
  const since = { gte: new Date(now - CHANGES_MS) };
  const [promotions, contracts, began] = await Promise.all([
    db().promotion.findMany({
      where: { endpointId: endpoint.id, appliedAt: since },
      include: { modelVersion: { select: { number: true } }, revision: { select: { name: true } } },
    }),
    db().contract.findMany({
      where: { useCaseId: endpoint.useCaseId, signedAt: since },
      select: { number: true, signedAt: true },
    }),
    range ? firstReadingAt(endpoint.name, clause.id, range.from - clause.labelDelaySeconds * 1000) : null,
  ]);
  return changeMarkers(promotions, contracts)
    .toReversed()
    .slice(0, MOST_CHANGES)
    .map(({ at, label, kind }) => ({
      at,
      label,
      within: kind !== "contract" && began !== null && Date.parse(at) >= began,
    }));
}

function learnFrom(watermark: number, { labelDelaySeconds }: Clause): ClauseWhy["learnFrom"] {
  const to = Math.floor((watermark - labelDelaySeconds * 1000) / DAY_MS) * DAY_MS;
  return { from: iso(to - LEARN_DAYS * DAY_MS).slice(0, 10), to: iso(to).slice(0, 10) };
}

function missingOf(facts: { reference: Reference | null; rows: number; clause: Clause; slices: number }): string[] {
  const { reference, rows, clause, slices } = facts;
  if (isAboutLabels(clause)) return ["Whether a label is there does not depend on features: they are not compared."];
  if (!reference) return ["The serving version has no reference, so features cannot be compared with anything."];
  if (rows === 0) return ["No row of the window was counted in the bins of this reference."];
  return [
    ...(reference.payload.importance === null
      ? [
          "How much each feature matters is not known: the version came without a labelled evaluation sample. Ranked by effect alone.",
        ]
      : []),
    ...(clause.kind === "quality" && slices === 0 ? ["No part of a feature stands out among the labelled rows."] : []),
  ];
}
