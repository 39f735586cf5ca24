import type { FailureConfig, RevisionConfig } from "@/lib/inference/desired-state";
import { type Answers, answerWriter } from "./answers";
import { type BreakerState, CircuitBreaker } from "./circuit-breaker";
import { type Patience, patienceOf } from "./deadline";
import type { Lane } from "./lane";
import type { Door, Pending, Relief, Room } from "./pending";
import { type Cause, Refusal } from "./refusal";
import type { LoadedRevision } from "./revision";
import { answersAlike } from "./revision-check";
import { staleRows } from "./stale-rows";

/** What a revision has that declares none, when only its stale rows need one. */
const NO_FAILURE: Pick<FailureConfig, "onError" | "onTimeout" | "onOverload" | "fallbackScore" | "breaker"> = {
  onError: "error",
  onTimeout: "error",
  onOverload: "error",
  fallbackScore: null,
  breaker: null,
};

type Helper = { warm: Lane | null; previous: Lane | null; patience: Patience };

export const needsGuard = ({ failure, stale }: RevisionConfig): boolean => failure !== undefined || Boolean(stale);

/**
 * Stands before the lane of the serving revision and brings about the failure mode of its contract: circuit breaker, staleness, and what
 * answers when the model does not. At most model, then previous revision, then fixed fallback, then error; never twice the same.
 */
export class Guard implements Door, Relief {
  private readonly failure: typeof NO_FAILURE;
  private readonly breaker: CircuitBreaker | null;
  private readonly text: ReturnType<typeof answerWriter>;
  /** Values of the answered output in one row of a fallback. */
  private readonly fallbackRow: Float32Array;
  /** Where features go that do not go to the model. */
  private aside: Float32Array = new Float32Array(0);
  /** Why the request that was just read does not go to the model. */
  private detour: Refusal | null = null;
  private chosen: Room = { values: this.aside, at: 0 };
  private known: Helper;

  /** @param previous the one that stands in: the warm revision, or of a candidate the serving one; null while it is not loaded */
  constructor(
    endpoint: string,
    private readonly lane: Lane,
    private readonly previous: () => Lane | null,
    private readonly answers: Answers,
  ) {
    const { revision } = lane;
    this.failure = revision.config.failure ?? NO_FAILURE;
    this.breaker = this.failure.breaker ? new CircuitBreaker(this.failure.breaker, performance.now()) : null;
    this.text = answerWriter(endpoint, revision);
    this.fallbackRow = fallbackRow(revision, this.failure.fallbackScore ?? 0);
    this.known = this.meet(null);
  }

  breakerState(): BreakerState | null {
    return this.breaker?.state(performance.now()) ?? null;
  }

  readonly room = (rows: number): Room => {
    this.detour = this.obstacle(rows);
    // Checked all the same: a malformed request is no overload, and the previous revision needs the features.
    this.chosen = this.detour ? this.roomAside(rows) : this.lane.room(rows);
    return this.chosen;
  };

  accept(pending: Pending): void {
    pending.relief = this;
    pending.values = this.chosen.values;
    const { detour } = this;
    if (this.answersStale(pending)) return;
    if (detour) {
      pending.row = 0;
      if (!this.standIn(pending, "overload")) throw detour;
      return;
    }
    if (this.breaker) pending.ticket = this.breaker.begin();
    pending.due = pending.start + this.helper().patience.modelMs;
    this.lane.accept(pending);
  }

  answered(pending: Pending, us: number): void {
    const { breaker } = this.failure;
    if (pending.cause !== "" || !breaker) return;
    this.breaker?.record(pending.ticket, us > breaker.slowMs * 1000 ? "slow" : "ok", performance.now());
  }

  takeOver(pending: Pending, cause: "error" | "timeout", text: string): boolean {
    if (pending.cause === "") {
      this.breaker?.record(pending.ticket, "failed", performance.now());
      return this.standIn(pending, cause);
    }
    // The previous revision did not answer either; what happened belongs to the revision that was asked.
    if (!this.fallBack(pending, pending.cause)) {
      const own = cause === "timeout" ? `deadline of ${this.lane.revision.config.deadlineMs} ms exceeded` : text;
      this.lane.end(pending, cause, own);
    }
    return true;
  }

  private obstacle(rows: number): Refusal | null {
    if (this.breaker && !this.breaker.admits(performance.now())) {
      return new Refusal(503, "breaker", "the circuit breaker is open", 1);
    }
    return this.lane.fits(rows) ? null : new Refusal(503, "queue", "queue is full", 1);
  }

  private roomAside(rows: number): Room {
    const needed = rows * this.lane.revision.shape.features.length;
    if (this.aside.length < needed) this.aside = new Float32Array(needed);
    return { values: this.aside, at: 0 };
  }

  /** One stale row makes the whole request stale: an answer is either the model's or the fallback's. */
  private answersStale(pending: Pending): boolean {
    const { stale } = this.lane.revision.config;
    if (!stale) return false;
    const rows = staleRows(pending, stale.afterMs);
    if (rows.length === 0) return false;
    if (stale.action === "fallback") return this.fallBack(pending, "stale");
    pending.parameters = `"stale":true,"stale_rows":"${rows}"`;
    return false;
  }

  private standIn(pending: Pending, cause: "error" | "timeout" | "overload"): boolean {
    const { onError, onTimeout, onOverload } = this.failure;
    const declared = { error: onError, timeout: onTimeout, overload: onOverload }[cause];
    if (declared === "error") return false;
    return (declared === "previous_revision" && this.askPrevious(pending, cause)) || this.fallBack(pending, cause);
  }

  /** The same rows as a request of the previous revision's lane. */
  private askPrevious(pending: Pending, cause: Cause): boolean {
    const lane = this.helper().previous;
    if (!lane?.fits(pending.rows)) return false;
    const { features } = lane.revision.shape;
    const from = pending.row * features.length;
    const { values, at } = lane.room(pending.rows);
    values.set((pending.values ?? this.aside).subarray(from, from + pending.rows * features.length), at);
    const named = `"secondary":${JSON.stringify(lane.revision.config.revision)},"reason":"${cause}"`;
    const parameters = pending.parameters === "" ? named : `${named},${pending.parameters}`;
    const due = pending.start + this.helper().patience.standInMs;
    pending.done = true;
    const asked = this.lane.revision.config.revision;
    lane.accept({ ...pending, done: false, values: null, cause, asked, due, parameters });
    return true;
  }

  /** The rows of an invented answer are not logged: nobody may measure quality on them. */
  private fallBack(pending: Pending, cause: Cause): boolean {
    if (this.failure.fallbackScore === null) return false;
    pending.done = true;
    const { id, rows } = pending;
    const { fallbackRow } = this;
    const y = new Float32Array(rows * fallbackRow.length);
    for (let row = 0; row < rows; row++) y.set(fallbackRow, row * fallbackRow.length);
    const body = this.text(id, rows, y, 0, `"fallback":true,"reason":"${cause}"`);
    this.lane.settle(pending, "fallback", cause);
    this.answers.add(pending.res, 200, body);
    this.answers.releaseSoon();
    return true;
  }

  /** The warm revision if it can stand in, and how the deadline is shared out with it; looked at again when another is warm. */
  private helper(): Helper {
    const warm = this.previous();
    if (this.known.warm !== warm) this.known = this.meet(warm);
    return this.known;
  }

  private meet(warm: Lane | null): Helper {
    const { failure, lane } = this;
    const { deadlineMs } = lane.revision.config;
    const fits = warm !== null && warm !== lane && answersAlike(warm.revision, lane.revision);
    const previous = fits ? warm : null;
    const isAsked = failure.onTimeout === "previous_revision" && previous !== null;
    const patience = patienceOf(deadlineMs, {
      isHeld: failure.onTimeout !== "error",
      hasFallback: failure.fallbackScore !== null,
      previousMs: isAsked ? previous.revision.model.batchMs : null,
    });
    return { warm, previous, patience };
  }
}

/** The score at its place, the rest of the probability spread over the other columns. */
function fallbackRow({ config, shape }: LoadedRevision, score: number): Float32Array {
  const others = (1 - score) / (shape.width - 1);
  return Float32Array.from({ length: shape.width }, (_, k) => (k === config.score.index ? score : others));
}
