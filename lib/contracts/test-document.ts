import { draftFrom, proposeClause } from "@/lib/contracts/archetypes";
import {
  type Clause,
  type ContractDocument,
  contractDocument,
  type FailureMode,
  type RolloutPlan,
} from "@/lib/contracts/document";

/** A contract with the six numbers and nothing beside them, free of contradictions: where tests begin. */
export function exampleDocument(): ContractDocument {
  const {
    failureMode: _mode,
    rollout: _rollout,
    clauses,
    ...draft
  } = draftFrom("real-time-decision", {
    purpose: "Rebook connections before the delayed flight lands",
    interface: {
      task: "binary_classification",
      features: [
        { name: "hour", type: "integer", min: 0, max: 23 },
        { name: "distance", type: "number", min: 0 },
      ],
      featureTime: "required",
      output: { name: "probabilities", index: 1, threshold: 0.5 },
    },
    numbers: { latencyMsP95: 10, latencyMsP99: 25 },
  });
  return contractDocument.parse({ ...draft, clauses: clauses.filter(({ kind }) => kind !== "drift") });
}

export const EXAMPLE_FAILURE_MODE: FailureMode = {
  onError: "previous_revision",
  onTimeout: "fallback",
  onOverload: "fallback",
  fallback: { score: 0.2 },
  breaker: { errorRatio: 0.5, slowMs: 100, slowRatio: 0.8, minRequests: 20, windowSeconds: 10, openSeconds: 5 },
  queueRows: 1024,
  perClient: { requestsPerSecond: 50, burst: 100 },
  batching: { maxRows: 32, maxDelayMs: 2 },
};

const EXAMPLE_ROLLOUT: RolloutPlan = {
  shadow: true,
  steps: [
    { percent: 5, minSeconds: 300, minSamples: 200 },
    { percent: 50, minSeconds: 3600, minSamples: 2000 },
  ],
  comparison: { slowShare: 0.02, failedShare: 0.01, predictionShift: 0.15 },
};

/** A contract that uses every part that a contract for the local runtime can have, free of contradictions; a rollout aside. */
export function fullDocument(): ContractDocument {
  const { clauses, ...document } = exampleDocument();
  const [hour, distance] = document.interface.features;
  const options: Readonly<Record<string, Partial<Clause>>> = {
    availability: { fallbacks: "answer" },
    freshness: { onStale: "flag" },
  };
  return contractDocument.parse({
    ...document,
    interface: {
      ...document.interface,
      features: [
        { ...hour, calendar: true },
        { ...distance, missing: "allowed" },
      ],
    },
    clauses: [
      ...clauses.map((each) => ({ ...each, ...options[each.id] })),
      { ...proposeClause("quality_f1_short", "f1", 0.45, 64), slice: { feature: "distance", from: 0, to: 500 } },
      { ...proposeClause("quality_f1_night", "f1", 0.4, 64), slice: { feature: "hour", values: [0, 1, 2] } },
      {
        ...proposeClause("drift_features", "drifted_features", 1, 64),
        drift: {
          limits: { hour: 0.1, distance: 0.2 },
          floor: 0.05,
          factor: 1.5,
          alpha: 0.01,
          correction: "bonferroni",
        },
      },
      proposeClause("drift_prediction", "prediction_drift", 0.2, 64),
      proposeClause("drift_missing", "missing_ratio", 0.05, 64),
      proposeClause("drill", "drill_age", 30 * 86_400, 64),
    ],
    failureMode: EXAMPLE_FAILURE_MODE,
  });
}

/** The same, and a new revision takes over step by step. */
export function rolledOutDocument(): ContractDocument {
  return { ...fullDocument(), rollout: EXAMPLE_ROLLOUT };
}
