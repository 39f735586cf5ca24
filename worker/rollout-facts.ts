import {
  type OfBoth,
  type RolloutAsk,
  type RolloutScores,
  type RolloutService,
  revisionLabels,
  rolloutScores,
  rolloutService,
} from "@/lib/clickhouse/rollout-counts";
import type { Clause, ContractDocument } from "@/lib/contracts/document";
import { inTransaction } from "@/lib/db";
import { NOTHING, type RevisionCounts, type ScoreDrift, type StageFacts } from "@/lib/deployments/rollout-facts";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import { ofOutput, type Reference } from "@/lib/monitoring/drift";

/** A stage of a rollout that is measured. */
export type StageQuestion = RolloutAsk & {
  readonly endpointId: string;
  readonly candidateVersionId: string;
  readonly document: ContractDocument;
};

/** Where a contract promises no latency, nothing is slow. */
const NO_LATENCY = { minRows: 1, maxRows: 65_535, slowUs: 2 ** 32 } as const;

/** What both revisions did in every stage that is asked for: one query per table for ALL of them. In the order of the questions. */
export async function stageFacts(questions: readonly StageQuestion[]): Promise<StageFacts[]> {
  const found = await inTransaction((tx) =>
    findReferences(
      tx,
      questions.map(({ endpointId, candidateVersionId }) => ({ endpointId, modelVersionId: candidateVersionId })),
    ),
  );
  const references = questions.map(({ document }, i) =>
    found[i] ? ofOutput(found[i], document.interface.output) : null,
  );
  const asks = questions.flatMap((question, i) => slowAsks(question).map((ask) => ({ ...ask, question: i })));
  const [service, scores, labels] = await Promise.all([
    rolloutService(asks),
    rolloutScores(questions.map((question, i) => ({ ...question, baselines: references[i]?.ids ?? [] }))),
    revisionLabels(questions.map(({ candidate }) => candidate)),
  ]);
  return questions.map((question, i) => {
    const own = asks.flatMap((ask, k) => (ask.question === i ? [{ clause: ask.clause, found: service[k] }] : []));
    const scored = scores[i];
    return {
      candidate: countsOf("candidate", own, scored),
      incumbent: countsOf("incumbent", own, scored),
      incumbentName: question.incumbent,
      labels: labels.get(question.candidate) ?? null,
      drift: driftOf(references[i] ?? null, scored?.candidate),
    };
  });
}

/** One ask for each latency clause: each has its own population and its own limit. */
function slowAsks(question: StageQuestion) {
  const latencies = question.document.clauses.filter(({ kind }) => kind === "latency");
  if (latencies.length === 0) return [{ ...question, ...NO_LATENCY, clause: null }];
  return latencies.map(({ id, population, target }: Clause) => ({
    ...{ ...question, ...population, clause: id },
    slowUs: Math.round(target * 1000),
  }));
}

type Answered = { readonly clause: string | null; readonly found: OfBoth<RolloutService> | undefined };

function countsOf(
  side: "candidate" | "incumbent",
  answers: readonly Answered[],
  scored: OfBoth<RolloutScores> | undefined,
): RevisionCounts {
  const first = answers.map(({ found }) => found?.[side]).find((each) => each !== undefined);
  const scores = scored?.[side]?.scores ?? [];
  if (!first) return { ...NOTHING, scores };
  const { requests, answered, fellBack } = first;
  const latency = answers.flatMap(({ clause, found }) => {
    const of = found?.[side];
    if (clause === null || !of) return [];
    return [[clause, { requests: of.ofPopulation, taken: of.taken, slow: of.slow }] as const];
  });
  return { requests, answered, fellBack, latency: new Map(latency), scores };
}

/** The candidate's scores by the bins of its reference; what the reference never had comes last. */
function driftOf(reference: Reference | null, scored: RolloutScores | undefined): ScoreDrift | null {
  const column = reference?.payload.columns[0];
  if (!column || column.kind === "excluded" || !scored || scored.bins.bucket.length === 0) return null;
  const current = new Array<number>(column.counts.length + 1).fill(0);
  for (const [i, bin] of scored.bins.bucket.entries()) {
    const at = Math.min(bin, column.counts.length);
    current[at] = (current[at] ?? 0) + (scored.bins.count[i] ?? 0);
  }
  return { reference: column.counts, current };
}
