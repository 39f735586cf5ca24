import type { EndpointStatus, RevisionConfig } from "@/lib/inference/desired-state";
import type { Answering, IntakeState } from "./intake";
import type { Lane } from "./lane";
import type { Assignment } from "./messages";
import { answersAlike } from "./revision-check";
import type { Shadow } from "./shadow";
import { Split } from "./split";

type Wish = NonNullable<Assignment["canary"]>;
type Candidate = Answering & { readonly shadow: Shadow };

export type CanaryParts = {
  readonly state: IntakeState;
  /** @param isIsolated in a thread in any case @returns the reason when it was refused */
  load(config: RevisionConfig, isIsolated: boolean): Promise<Lane | string>;
  /** What requests to a candidate pass, and where copies go. */
  prepare(lane: Lane): Candidate;
};

/**
 * The candidate of an endpoint: loaded beside the serving revision, then given its share. Whatever is wrong with it is told in its status
 * and nowhere else. While nobody gets an answer of it, it is in a thread, where it can hold up nobody; with a share it runs as it would
 * when it serves, so that its times are those that it will have.
 */
export class Canary {
  private wish: Wish | null = null;
  private candidate: Candidate | null = null;
  private failure: string | null = null;
  private readonly split = new Split();

  constructor(private readonly parts: CanaryParts) {}

  get lane(): Lane | null {
    return this.candidate?.lane ?? null;
  }

  status(): EndpointStatus["canary"] {
    const { wish, failure, candidate } = this;
    if (!wish) return null;
    const { revision } = wish.revision;
    if (candidate) return { revision, state: "ready", reason: null, percent: wish.percent, shadow: wish.shadow };
    return { revision, state: failure === null ? "loading" : "failed", reason: failure, percent: 0, shadow: false };
  }

  /** What needs no loading is in force when this returns: another share, or none at all. */
  retune(wish: Wish | null): void {
    this.wish = wish;
    this.failure = null;
    if (wish && this.candidate && isFitFor(this.candidate.lane, wish)) this.give(this.candidate, wish);
    else this.takeAway();
  }

  /** Loads what `retune` was told, if need be. @param isCurrent false once something else is wanted: this is given up then */
  async bringAbout(isCurrent: () => boolean): Promise<void> {
    const { wish } = this;
    if (!wish || !isCurrent()) return;
    const found = this.candidate?.lane ?? (await this.parts.load(wish.revision, wish.percent === 0));
    if (!isCurrent()) return;
    this.failure = typeof found === "string" ? found : this.obstacle(found);
    if (this.failure !== null) this.takeAway();
    else if (typeof found !== "string" && !this.candidate) this.give(this.parts.prepare(found), wish);
  }

  private give(candidate: Candidate, { percent, shadow }: Wish): void {
    const { split } = this;
    this.candidate = candidate;
    split.change(percent);
    this.parts.state.canary = { ...candidate, split, shadow: shadow ? candidate.shadow : null };
  }

  private takeAway(): void {
    this.candidate?.shadow.close();
    this.candidate = null;
    this.split.change(0);
    this.parts.state.canary = null;
  }

  private obstacle({ revision }: Lane): string | null {
    const serving = this.parts.state.serving?.lane.revision;
    if (!serving) return "no revision serves that it could stand beside";
    if (answersAlike(revision, serving)) return null;
    const { config } = serving;
    return `it takes other features than ${config.revision}, or answers another output: callers cannot be shared between them`;
  }
}

function isFitFor({ revision: { config, model } }: Lane, wish: Wish): boolean {
  const runsAsWished = wish.percent === 0 ? model.mode === "thread" : !model.isIsolated;
  return runsAsWished && JSON.stringify(config) === JSON.stringify(wish.revision);
}
