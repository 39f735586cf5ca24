import { z } from "zod";
import type {
  Clause,
  ContractDocument,
  ContractInterface,
  FailureMode,
  Metric,
  RolloutPlan,
} from "@/lib/contracts/document";
import { NO_FAILURE_MODE } from "@/lib/contracts/failure-words";
import { METRIC_RULES, proposeAtRisk } from "@/lib/contracts/metric-rules";

/** A first draft is at most these six numbers; everything else is proposed from them and shown. */
export const contractNumbers = z.strictObject({
  /** Milliseconds at the gateway, single rows. */
  latencyMsP95: z.number().positive().optional(),
  latencyMsP99: z.number().positive().optional(),
  /** Requests per second; beyond it callers get 429 with Retry-After. */
  ceilingRequestsPerSecond: z.number().positive().optional(),
  aucFloor: z.number().min(0).max(1).optional(),
  /** Share of requests answered, 0 to 1. */
  availability: z.number().min(0).max(1).optional(),
  /** Seconds: 99 of 100 rows come with features that are at most this old. */
  freshnessSeconds: z.number().positive().optional(),
});
export type ContractNumbers = z.output<typeof contractNumbers>;

export const ARCHETYPES = ["real-time-decision", "blank"] as const;
export type Archetype = (typeof ARCHETYPES)[number];

/** The six questions, in the order in which they are asked, and the clause that each answer becomes. */
export const SIX_NUMBERS: readonly {
  readonly field: keyof ContractNumbers;
  readonly metric: Metric;
  readonly id: string;
}[] = [
  { field: "latencyMsP95", metric: "p95", id: "latency_p95" },
  { field: "latencyMsP99", metric: "p99", id: "latency_p99" },
  { field: "ceilingRequestsPerSecond", metric: "ceiling", id: "throughput_ceiling" },
  { field: "aucFloor", metric: "auc", id: "quality_auc" },
  { field: "availability", metric: "success_ratio", id: "availability" },
  { field: "freshnessSeconds", metric: "feature_age_p99", id: "freshness" },
];

/** A decision while someone waits (a page, a payment, a gate): what is usual there. A number that is given replaces its own. */
const REAL_TIME: Required<ContractNumbers> = {
  latencyMsP95: 50,
  latencyMsP99: 100,
  ceilingRequestsPerSecond: 200,
  aucFloor: 0.7,
  availability: 0.999,
  freshnessSeconds: 900,
};

/** The numbers that an archetype proposes; `blank` proposes none. */
export function proposedNumbers(archetype: Archetype): ContractNumbers {
  return archetype === "blank" ? {} : REAL_TIME;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Timing = Pick<
  Clause,
  "windowSeconds" | "labelDelaySeconds" | "cadenceSeconds" | "consecutive" | "minSamples" | "owner"
>;

/** By kind. Samples: 400 are the fewest that bound a p99 from both sides; 1,000 labels give an AUC to about +-0.02. */
const TIMING: Readonly<Record<Clause["kind"], Timing>> = {
  latency: timing(HOUR, 10, 3, 400, "sre"),
  throughput: timing(10 * MINUTE, 10, 3, 1, "sre"),
  availability: timing(30 * DAY, 10, 3, 1000, "sre"),
  freshness: timing(HOUR, MINUTE, 3, 400, "owner"),
  quality: { ...timing(7 * DAY, DAY, 3, 1000, "scientist"), labelDelaySeconds: DAY },
  // Whole weeks: every weekday and every hour of a day are in a window equally often.
  drift: timing(7 * DAY, DAY, 3, 1000, "scientist"),
  // A drill is seen at once and looked for over a quarter.
  failure_mode: timing(90 * DAY, HOUR, 1, 1, "sre"),
};

function timing(
  windowSeconds: number,
  cadenceSeconds: number,
  consecutive: number,
  minSamples: number,
  owner: Clause["owner"],
): Timing {
  return { windowSeconds, labelDelaySeconds: 0, cadenceSeconds, consecutive, minSamples, owner };
}

/** A whole clause from its metric and target: the metric fixes what it must, the rest is a proposal. `maxRows` of a request. */
export function proposeClause(id: string, metric: Metric, target: number, maxRows: number): Clause {
  const { kind, direction, unit, clock, probes } = METRIC_RULES[metric];
  return {
    id,
    kind,
    metric,
    direction,
    unit,
    target,
    atRisk: proposeAtRisk(metric, target),
    // A promise of milliseconds is about one decision; a batch takes what it takes.
    population: { minRows: 1, maxRows: kind === "latency" ? 1 : maxRows },
    clock,
    ...TIMING[kind],
    probe: probes[0] ?? "none",
  };
}

/** Seconds that a breaker looks back, at least: long enough for a verdict, short enough to spare the callers. */
const BREAKER_SECONDS = 10;

/**
 * What is usual when the model cannot answer: an error, and a circuit breaker that spares callers the wait. It takes as slow what is
 * five times the slowest promise (half of the proposed deadline), and needs no more requests than the ceiling lets through.
 */
export function proposeFailureMode(clauses: readonly Pick<Clause, "metric" | "target">[]): FailureMode {
  const slowest = slowestOf(clauses) || 100;
  const ceiling = clauses.find(({ metric }) => metric === "ceiling")?.target ?? Number.POSITIVE_INFINITY;
  const windowSeconds = Math.min(3600, Math.max(BREAKER_SECONDS, Math.ceil(40 / ceiling)));
  const minRequests = Math.min(20, Math.floor(ceiling * windowSeconds));
  const breaker = {
    errorRatio: 0.5,
    slowMs: Math.min(600_000, slowest * 5),
    slowRatio: 0.8,
    minRequests,
    windowSeconds,
    openSeconds: BREAKER_SECONDS,
  };
  return { ...NO_FAILURE_MODE, breaker: minRequests >= 1 ? breaker : null };
}

const USUAL_STEPS = [
  { percent: 10, minSeconds: 10 * MINUTE, minSamples: 500 },
  { percent: 25, minSeconds: 10 * MINUTE, minSamples: 1000 },
  { percent: 50, minSeconds: 10 * MINUTE, minSamples: 2000 },
];

/**
 * How a new revision usually takes over: a tenth of the requests, a quarter, half, all. No step asks for more answers than half of what
 * the ceiling lets through in its time.
 */
export function proposeRollout(clauses: readonly Pick<Clause, "metric" | "target">[]): RolloutPlan {
  const ceiling = clauses.find(({ metric }) => metric === "ceiling")?.target ?? Number.POSITIVE_INFINITY;
  const steps = USUAL_STEPS.map((step) => {
    const most = Math.floor((ceiling * step.minSeconds * step.percent) / 200);
    return { ...step, minSamples: Math.max(30, Math.min(step.minSamples, most)) };
  });
  return { shadow: false, steps, comparison: { slowShare: 0.01, failedShare: 0.005, predictionShift: 0.1 } };
}

/** Milliseconds of the slowest promise; 0: none. */
function slowestOf(clauses: readonly Pick<Clause, "metric" | "target">[]): number {
  return Math.max(
    0,
    ...clauses.flatMap(({ metric, target }) => (METRIC_RULES[metric].kind === "latency" ? target : [])),
  );
}

/** No number is asked for: no feature may leave the limit that its own reference period teaches. */
export const PROPOSED_DRIFT = { id: "drift_features", metric: "drifted_features", target: 0 } as const;

type Beginning = {
  readonly purpose: string;
  readonly interface: ContractInterface;
  readonly numbers: ContractNumbers;
};

const MAX_ROWS = 64;

/**
 * The first draft of a contract. `real-time-decision` fills missing numbers with what is usual, and proposes a drift clause, a
 * failure mode and a rollout in addition; `blank` leaves the clause of a missing number out. Without a feature time in the interface there is no freshness clause: nothing would measure it.
 */
export function draftFrom(archetype: Archetype, { purpose, interface: shape, numbers }: Beginning): ContractDocument {
  const filled = { ...proposedNumbers(archetype), ...numbers };
  const clauses = SIX_NUMBERS.flatMap(({ field, metric, id }) => {
    const target = filled[field];
    const measurable = metric !== "feature_age_p99" || shape.featureTime === "required" || numbers[field] !== undefined;
    return target === undefined || !measurable ? [] : [proposeClause(id, metric, target, MAX_ROWS)];
  });
  const slowest = slowestOf(clauses);
  const usual = archetype === "blank" ? null : PROPOSED_DRIFT;
  return {
    version: 1,
    purpose,
    interface: shape,
    clauses: usual ? [...clauses, proposeClause(usual.id, usual.metric, usual.target, MAX_ROWS)] : clauses,
    serving: { target: "local", tier: "cpu", maxRows: MAX_ROWS, deadlineMs: slowest > 0 ? slowest * 10 : 1000 },
    ...(usual && { failureMode: proposeFailureMode(clauses), rollout: proposeRollout(clauses) }),
  };
}
