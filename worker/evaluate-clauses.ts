import { type ClauseReading, insertReadings } from "@/lib/clickhouse/clause-readings";
import { hasClickHouse } from "@/lib/clickhouse/client";
import { type ContractDocument, contractDocument } from "@/lib/contracts/document";
import { db, inTransaction } from "@/lib/db";
import { digestOf } from "@/lib/digest";
import { drilledPart } from "@/lib/governance/drilled-part";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import { type Evaluated, type Evaluation, recordEvaluation } from "@/lib/monitoring/commands/record-evaluation";
import { ofOutput } from "@/lib/monitoring/drift";
import type { DrillFacts } from "@/lib/monitoring/measure";
import { type DrillHead, findNewestDrills } from "@/lib/registry/commands/find-newest-drills";
import { measureAll, type Question } from "./clause-facts";
import { each } from "./each";
import type { Job } from "./job";

/** Measures every clause in force and stores its state; what counts on a clause's own cadence goes into its history. */
export const evaluateClauses: Job = {
  name: "evaluate clauses",
  everyMs: 4000,
  run: async () => {
    if (hasClickHouse()) await evaluateAt(Date.now());
  },
};

/** One evaluation of everything, as of `now` (milliseconds since 1970). */
export async function evaluateAt(now: number): Promise<void> {
  const endpoints = await db().endpoint.findMany({
    where: { OR: [{ servingId: { not: null } }, { clauseStates: { some: {} } }] },
    select: {
      ...{ id: true, name: true },
      serving: { select: { modelVersionId: true, contract: { select: { id: true, document: true } } } },
    },
    orderBy: { name: "asc" },
  });
  const promised = endpoints.map(({ id, name, serving }) => ({
    ...{ id, name, contractId: serving?.contract.id ?? null },
    modelVersionId: serving?.modelVersionId ?? null,
    document: serving && contractDocument.parse(serving.contract.document),
  }));
  const questions = await questionsOf(promised);
  const measurements = await measureAll(questions, now);
  const answers = questions.map(({ endpoint, clause }, i) => ({ endpoint, clause, measurement: measurements[i] }));
  await each(promised, async ({ id, name, contractId }) => {
    const measured = answers.flatMap(({ endpoint, clause, measurement }) =>
      endpoint === name && measurement ? [{ clause, measurement }] : [],
    );
    const evaluation: Evaluation = { endpointId: id, endpoint: name, contractId, measured, now };
    const evaluated = await inTransaction((tx) => recordEvaluation(tx, evaluation));
    if (contractId === null) return;
    const notable = evaluated.filter((one) => one.notable);
    await insertReadings(
      notable.map((one) => readingOf(one, { endpoint: name, contract: contractId, evaluatedAt: now })),
    );
  });
}

type Promised = {
  readonly id: string;
  readonly name: string;
  readonly modelVersionId: string | null;
  readonly document: ContractDocument | null;
};

/** Every clause of every endpoint, with what of its serving revision it is judged by. */
async function questionsOf(promised: readonly Promised[]): Promise<Question[]> {
  const serving = promised.flatMap(({ id, name, modelVersionId, document }) =>
    modelVersionId !== null && document ? [{ endpointId: id, name, modelVersionId, document }] : [],
  );
  const [references, drills] = await Promise.all([
    inTransaction((tx) => findReferences(tx, serving)),
    inTransaction((tx) =>
      findNewestDrills(
        tx,
        serving.map(({ modelVersionId }) => modelVersionId),
      ),
    ),
  ]);
  return serving.flatMap(({ name, document, modelVersionId }, i) => {
    const { features, output } = document.interface;
    const reference = references[i] ? ofOutput(references[i], output) : null;
    const served = { features, reference, drill: drillFacts(drills.get(modelVersionId), document) };
    return document.clauses.map((clause) => ({ endpoint: name, clause, served }));
  });
}

function drillFacts(drill: DrillHead | undefined, document: ContractDocument): DrillFacts | null {
  if (!drill) return null;
  const matches = drill.failureModeDigest === digestOf(drilledPart(document));
  return { endedAt: Date.parse(drill.endedAt), passed: drill.passed, matches };
}

type Head = Pick<ClauseReading, "endpoint" | "contract" | "evaluatedAt">;

function readingOf({ clause, measurement, state, reason }: Evaluated, head: Head): ClauseReading {
  const { value, low, high, n, window, asOf } = measurement;
  return {
    ...head,
    clause: clause.id,
    ...{ value, low, high, n, asOf, state, reason },
    windowFrom: window?.from ?? null,
    windowTo: window?.to ?? null,
  };
}
