/** What a revision did in the stage of a rollout, counted from what the target measured. */
export type ServiceCounts = {
  /** Requests with a right to an answer: neither beyond the ceiling nor wrong in themselves. */
  readonly requests: number;
  /** Of those, answered by the model. */
  readonly answered: number;
  /** Of those, answered in the model's place. */
  readonly fellBack: number;
};

/** What one latency clause says of a revision's requests of the stage; only requests of the clause's population. */
export type LatencyCounts = {
  /** With a right to an answer. */
  readonly requests: number;
  /** Taken on: answered, or timed out. */
  readonly taken: number;
  /** Of those taken on, slower than the clause's target. */
  readonly slow: number;
};

export type RevisionCounts = ServiceCounts & {
  /** By the id of the clause. */
  readonly latency: ReadonlyMap<string, LatencyCounts>;
  /** First row of each request by its score, in bins of equal width over [0, 1]. */
  readonly scores: readonly number[];
};

/** Labelled rows that the candidate answered since its rollout began. */
export type LabelledCounts = {
  readonly labelled: number;
  /** Decisions that were wrong. */
  readonly wrong: number;
  /** Sum of the squared errors of the scores. */
  readonly squaredError: number;
  /** By score, ascending: positive and negative labels. */
  readonly groups: readonly { readonly positive: number; readonly negative: number }[];
};

/** Scores of the candidate by the bins of its version's reference, beside the reference itself. */
export type ScoreDrift = { readonly reference: readonly number[]; readonly current: readonly number[] };

export type StageFacts = {
  readonly candidate: RevisionCounts;
  readonly incumbent: RevisionCounts;
  /** Name of the serving revision. */
  readonly incumbentName: string;
  /** Null: no label has come. */
  readonly labels: LabelledCounts | null;
  /** Null: the version has no reference, or nothing was binned by it. */
  readonly drift: ScoreDrift | null;
};

export const NOTHING: RevisionCounts = { requests: 0, answered: 0, fellBack: 0, latency: new Map(), scores: [] };
