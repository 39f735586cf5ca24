import type { Clause, ContractDocument, RolloutPlan } from "@/lib/contracts/document";
import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import type { CanaryShare, GuardReading } from "./rollout";
import type { LabelledCounts, RevisionCounts, StageFacts } from "./rollout-facts";
import { aucOfGroups } from "./rollout-quality";
import { comparedRates, distanceReading, rateReading } from "./rollout-reading";
import { distributionBand } from "./sequential-test";

/**
 * Chance that a rollout of a revision that breaks nothing is ever rolled back by chance, over all its stages and guards together: each test
 * gets its part of it.
 */
export const FALSE_ALARM = 0.01;

type Guarded = Pick<ContractDocument, "clauses"> & { readonly plan: RolloutPlan };

/** What every guard of a stage says: the clauses that can be told of one revision, then the comparison with the one that serves. */
export function guardsOf(contract: Guarded, share: CanaryShare, facts: StageFacts): readonly GuardReading[] {
  const { clauses, plan } = contract;
  const guarded = clauses.filter((clause) => whyUnguarded(clause) === null);
  const stages = plan.steps.length + (plan.shadow ? 1 : 0);
  const alpha = FALSE_ALARM / (stages * (guarded.length + 3));
  const signed = slowest(guarded);
  return [
    ...guarded.map((clause) => ofClause(clause, facts, alpha)),
    ...(signed ? [slowShare(signed, plan, { share, facts, alpha })] : []),
    failedShare(plan, { share, facts, alpha }),
    predictionShift(plan, { share, facts, alpha }),
  ];
}

/** Clauses that say nothing of a revision that answers a share of the requests; why, in words. */
export function unguardedClauses(
  clauses: readonly Clause[],
): readonly { readonly clause: string; readonly why: string }[] {
  return clauses.flatMap((clause) => {
    const why = whyUnguarded(clause);
    return why === null ? [] : [{ clause: clause.id, why }];
  });
}

const SEQUENTIAL_QUALITY: readonly string[] = ["auc", "brier", "accuracy"];

function whyUnguarded({ kind, metric, slice, target }: Clause): string | null {
  switch (kind) {
    case "latency":
      return null;
    case "availability":
      return target >= 1 ? "no single failure is allowed: that cannot be told of a share of the requests" : null;
    case "quality":
      if (slice) return "of a part of the rows only: judged by the ledger";
      return SEQUENTIAL_QUALITY.includes(metric)
        ? null
        : "no test that may be looked at continuously: judged by the ledger";
    case "drift":
      return metric === "prediction_drift" ? null : "about the requests, which are the same for both revisions";
    case "failure_mode":
      return "drilled on a copy before the promotion";
    default:
      return "about the whole endpoint, not about one revision";
  }
}

type Looked = { readonly share: CanaryShare; readonly facts: StageFacts; readonly alpha: number };

function ofClause(clause: Clause, { candidate, labels, drift }: StageFacts, alpha: number): GuardReading {
  switch (clause.kind) {
    case "latency":
      return latency(clause, candidate, alpha);
    case "availability":
      return availability(clause, candidate, alpha);
    case "quality":
      return quality(clause, labels, alpha);
    default:
      return distanceReading({
        ...{ id: clause.id, kind: "clause", label: "predictions against the reference", required: false },
        ...{ limit: clause.target, alpha, a: drift?.current ?? [], b: null, reference: drift?.reference ?? [] },
        than: "its own reference sample",
      });
  }
}

const isSlow = (clause: Clause) => `slower than ${formatNumber(clause.target)} ms`;

function latency(clause: Clause, candidate: RevisionCounts, alpha: number): GuardReading {
  const { taken = 0, slow = 0 } = candidate.latency.get(clause.id) ?? {};
  const limit = clause.metric === "p95" ? 0.05 : 0.01;
  return rateReading({
    ...{ id: clause.id, label: `share ${isSlow(clause)}`, required: true, unit: "share" },
    ...{ bad: slow, n: taken, limit, alpha },
    words: `${formatCount(slow)} of ${formatCount(taken)} requests were ${isSlow(clause)}; ${clause.metric} allows ${formatPercent(limit)}`,
  });
}

function availability(clause: Clause, { requests, answered, fellBack }: RevisionCounts, alpha: number): GuardReading {
  const failed = requests - answered - (clause.fallbacks === "answer" ? fellBack : 0);
  const limit = 1 - clause.target;
  return rateReading({
    ...{ id: clause.id, label: "share not answered", required: true, unit: "share" },
    ...{ bad: failed, n: requests, limit, alpha },
    words: `${formatCount(failed)} of ${formatCount(requests)} requests were not answered as promised; ${formatPercent(limit)} may`,
  });
}

/** Labels come late: without enough of them for the clause, it holds nothing up, and a breach that is proven still counts. */
function quality(clause: Clause, labels: LabelledCounts | null, alpha: number): GuardReading {
  const n = labels?.labelled ?? 0;
  const isEarly = n < clause.minSamples;
  const common = { id: clause.id, required: false, isEarly, n, alpha } as const;
  if (clause.metric === "auc") return auc(clause, labels, common);
  const isBrier = clause.metric === "brier";
  const bad = (isBrier ? labels?.squaredError : labels?.wrong) ?? 0;
  const limit = isBrier ? clause.target : 1 - clause.target;
  const label = isBrier ? "mean squared error" : "share of wrong decisions";
  return rateReading({
    ...common,
    ...{ label, unit: isBrier ? "score" : "share", bad, limit },
    words: `${label} ${n === 0 ? "unknown" : formatNumber(bad / n)} over ${formatCount(n)} labelled rows; at most ${formatNumber(limit)}`,
  });
}

type Common = {
  readonly id: string;
  readonly required: false;
  readonly isEarly: boolean;
  readonly n: number;
  readonly alpha: number;
};

/**
 * The area under the ROC curve is the mean of one class's distribution function over the other's: it lies within the sum of both bands
 * (distributionBand), at all times.
 */
function auc(clause: Clause, labels: LabelledCounts | null, { isEarly, n, alpha, ...common }: Common): GuardReading {
  const found = aucOfGroups(labels?.groups ?? []);
  const shown = { ...common, kind: "clause", label: "AUC", unit: "score", limit: clause.target, samples: n } as const;
  const none = { value: null, margin: null, evidence: 0, incumbentSamples: null } as const;
  if (!found) return { ...shown, ...none, state: "no_data", words: `no AUC yet: ${formatCount(n)} labelled rows` };
  const band = distributionBand(found.positives, alpha / 2) + distributionBand(found.negatives, alpha / 2);
  const short = clause.target - found.auc;
  const isBroken = short > band;
  const isDoubtful = short > 0 && !isEarly;
  return {
    ...shown,
    ...{ value: found.auc, margin: -short, evidence: Math.max(0, short / band), incumbentSamples: null },
    state: isBroken ? "broken" : isDoubtful ? "doubtful" : isEarly ? "no_data" : "holds",
    words: `AUC ${formatNumber(found.auc)} over ${formatCount(n)} labelled rows; at least ${formatNumber(clause.target)}`,
  };
}

/** The latency clause of the highest percentile: what "slow" means in the comparison. */
function slowest(clauses: readonly Clause[]): Clause | undefined {
  const latencies = clauses.filter(({ kind }) => kind === "latency");
  return latencies.find(({ metric }) => metric === "p99") ?? latencies[0];
}

function slowShare(clause: Clause, plan: RolloutPlan, { share, facts, alpha }: Looked): GuardReading {
  const of = (counts: RevisionCounts) => {
    const { slow = 0, requests = 0 } = counts.latency.get(clause.id) ?? {};
    return { bad: slow, n: requests };
  };
  return comparedRates({
    ...{
      id: "slow_share",
      label: `share ${isSlow(clause)}, against ${facts.incumbentName}`,
      what: `were ${isSlow(clause)}`,
    },
    ...{ candidate: of(facts.candidate), incumbent: of(facts.incumbent), share, alpha },
    ...{ limit: plan.comparison.slowShare, incumbentName: facts.incumbentName },
  });
}

function failedShare(plan: RolloutPlan, { share, facts, alpha }: Looked): GuardReading {
  const of = ({ requests, answered }: RevisionCounts) => ({ bad: requests - answered, n: requests });
  return comparedRates({
    ...{ id: "failed_share", label: `share that the model did not answer, against ${facts.incumbentName}` },
    ...{ what: "were not answered by the model", share, alpha },
    ...{ candidate: of(facts.candidate), incumbent: of(facts.incumbent) },
    ...{ limit: plan.comparison.failedShare, incumbentName: facts.incumbentName },
  });
}

function predictionShift(plan: RolloutPlan, { facts, alpha }: Looked): GuardReading {
  return distanceReading({
    ...{ id: "prediction_shift", kind: "comparison", label: `predictions against ${facts.incumbentName}` },
    ...{ required: true, limit: plan.comparison.predictionShift, alpha },
    ...{ a: facts.candidate.scores, b: facts.incumbent.scores, reference: null, than: facts.incumbentName },
  });
}
