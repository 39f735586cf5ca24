import type { RequestListener, Server } from "node:http";
import type { EndpointStatus, RevisionConfig } from "@/lib/inference/desired-state";
import type { ModelFault } from "@/lib/inference/fault";
import { Answers } from "./answers";
import { Canary } from "./canary";
import { ClientLimit } from "./client-limit";
import { EventLog } from "./event-log";
import { Guard, needsGuard } from "./guard";
import { hangLimitMs } from "./hang";
import { Intake, type IntakeState, type Serving } from "./intake";
import { Lane } from "./lane";
import type { Assignment, EndpointReport, EndpointStart } from "./messages";
import { Metrics } from "./metrics";
import { setFault } from "./model-fault";
import { openInferenceHandler } from "./open-inference";
import { TokenBucket } from "./rate-limit";
import { type LoadedRevision, loadRevision } from "./revision";
import { Shadow } from "./shadow";
import type { Spool } from "./spool";
import { Authenticator } from "./token";

type Observer = {
  loading(revision: string): void;
  changed(): void;
  /** A model hangs, and only the end of this process can end that. Told once; what came before is answered within `lastAnswersMs`. */
  hung(reason: string, lastAnswersMs: number): void;
};

const HANG_CHECK_MS = 500;

/** One endpoint: which revisions are loaded, which of them answers, and the swap between them. */
export class Endpoint {
  readonly handle: RequestListener;
  private readonly state: IntakeState;
  private readonly answers: Answers;
  private readonly events: EventLog;
  private readonly metrics = new Metrics();
  /** Loaded revisions by `keyOf`. */
  private readonly loaded = new Map<string, Lane>();
  private condition: EndpointStatus["state"] = "starting";
  private reason: string | null = null;
  private refused: EndpointStatus["refused"] = null;
  private warm: Lane | null = null;
  /** Lanes that answer what they have and are closed then. */
  private readonly leaving = new Set<Promise<void>>();
  private guard: Guard | null = null;
  private readonly canary: Canary;
  private newest: Assignment;
  private readonly hangCheck: NodeJS.Timeout;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly start: EndpointStart,
    private readonly spool: Spool,
    private readonly observer: Observer,
    private assignment: Assignment = start.assignment,
  ) {
    const { auth } = assignment;
    this.events = new EventLog(start.name, () => this.assignment.clock, spool);
    this.answers = new Answers(this.events);
    this.newest = assignment;
    const authenticator = new Authenticator(auth);
    this.state = { serving: null, canary: null, authenticator, probeSecret: start.probeSecret };
    this.canary = new Canary({
      state: this.state,
      load: (config, isIsolated) => this.load(config, isIsolated),
      prepare: (lane) => this.beside(lane),
    });
    const intake = new Intake(this.state, this.answers, this.events, this.metrics);
    this.handle = openInferenceHandler({
      endpoint: start.name,
      intake,
      state: this.state,
      metrics: () => this.metricsText(),
    });
    this.hangCheck = setInterval(() => this.checkHang(performance.now()), HANG_CHECK_MS).unref();
  }

  /** Brings about what is assigned: what concerns the candidate's share at once, the rest when the assignment before it is done with. */
  assign(assignment: Assignment): void {
    this.newest = assignment;
    this.canary.retune(assignment.canary);
    this.work = this.work.then(() => this.reconcile(assignment));
  }

  report(): EndpointReport {
    return {
      generation: this.assignment.generation,
      state: this.condition,
      reason: this.reason,
      serving: this.servingLane?.revision.config.revision ?? null,
      warm: this.warm?.revision.config.revision ?? null,
      refused: this.refused,
      mode: this.servingLane?.revision.model.mode ?? null,
      eventsDropped: this.spool.dropped,
      breaker: this.guard?.breakerState() ?? null,
      canary: this.canary.status(),
    };
  }

  /** For a drill. @param revision null: the one that serves @returns the one that is broken now, or null when there is none that can be */
  break(fault: ModelFault, revision: string | null): string | null {
    const known = [this.servingLane, this.canary.lane];
    const lane = known.find((each) => revision === null || each?.revision.config.revision === revision);
    if (!lane?.revision.model.fault) return null;
    setFault(lane.revision.model.fault, fault);
    return lane.revision.config.revision;
  }

  /** New connections are refused from now on, and the others end with their next answer. */
  leave(server: Server): Promise<void> {
    this.answers.closing = true;
    clearInterval(this.hangCheck);
    return new Promise((resolve) => server.close(() => resolve()));
  }

  /** Answers what was accepted, then lets go. */
  async close(server: Server): Promise<void> {
    await this.leave(server);
    this.canary.retune(null);
    for (const lane of this.loaded.values()) this.unload(lane);
    await Promise.all(this.leaving);
    this.answers.release();
    this.spool.close();
  }

  private get servingLane(): Lane | null {
    return this.state.serving?.lane ?? null;
  }

  private async reconcile(assignment: Assignment): Promise<void> {
    const isNewest = () => assignment === this.newest;
    if (!isNewest()) return;
    this.assignment = assignment;
    this.state.authenticator = new Authenticator(assignment.auth);
    this.refused = null;
    const chosen = await this.choose(assignment);
    if (chosen) this.serve(chosen);
    else if (!assignment.serve) this.serveNothing();
    this.settleCondition(assignment);
    this.observer.changed(); // the warm revision may take long to load, and nobody waits for it
    this.warm = await this.loadWarm(assignment);
    await this.canary.bringAbout(isNewest);
    if (!isNewest()) return; // the next assignment may want what this one does not
    this.unloadOthers();
    this.observer.changed();
  }

  /** The assigned revision; when it cannot be loaded, what serves already, or else the last that served. */
  private async choose({ serve, fallback }: Assignment): Promise<Lane | null> {
    if (!serve) return null;
    const lane = await this.load(serve);
    if (typeof lane !== "string") return lane;
    this.refused = { revision: serve.revision, reason: lane };
    if (this.servingLane || !fallback || keyOf(fallback) === keyOf(serve)) return this.servingLane;
    const previous = await this.load(fallback);
    return typeof previous === "string" ? null : previous;
  }

  private async loadWarm({ warm }: Assignment): Promise<Lane | null> {
    if (!warm) return null;
    const lane = await this.load(warm);
    return typeof lane === "string" ? null : lane;
  }

  /** @returns the reason when it was refused */
  private async load(config: RevisionConfig, isIsolated = false): Promise<Lane | string> {
    const known = this.loaded.get(keyOf(config, isIsolated)) ?? this.loaded.get(keyOf(config));
    if (known && (!isIsolated || known.revision.model.mode === "thread")) return known;
    this.observer.loading(config.revision);
    try {
      const { artifactsDir, isDrill: isBreakable } = this.start;
      const revision = await loadRevision(config, artifactsDir, { isIsolated, isBreakable });
      const lane = new Lane(this.start.name, revision, this.answers, this.events, this.metrics);
      this.loaded.set(keyOf(config, revision.model.isIsolated), lane);
      return lane;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** The swap: one assignment. Requests of the old lane are answered by it, the next request goes to the new one. */
  private serve(lane: Lane): void {
    if (lane === this.servingLane) return;
    const { config } = lane.revision;
    this.guard = this.guardOf(lane, () => this.warm);
    const limits = { ceiling: this.ceilingFor(config), clients: this.clientsFor(config) };
    this.state.serving = { lane, door: this.guard ?? lane, rules: rulesOf(lane.revision), ...limits };
  }

  /** A candidate keeps its contract's failure mode; the revision before it is the one that serves now. */
  private beside(lane: Lane) {
    const serving = () => this.servingLane;
    return {
      lane,
      door: this.guardOf(lane, serving) ?? lane,
      rules: rulesOf(lane.revision),
      shadow: new Shadow(lane, serving, this.events, this.metrics),
    };
  }

  private guardOf(lane: Lane, previous: () => Lane | null): Guard | null {
    return needsGuard(lane.revision.config) ? new Guard(this.start.name, lane, previous, this.answers) : null;
  }

  private serveNothing(): void {
    this.guard = null;
    this.state.serving = null;
  }

  private clientsFor({ failure }: RevisionConfig): ClientLimit | null {
    if (!failure?.perClient) return null;
    const clients = this.state.serving?.clients ?? new ClientLimit(failure.perClient);
    clients.change(failure.perClient);
    return clients;
  }

  private ceilingFor({ ceiling }: RevisionConfig): TokenBucket | null {
    if (!ceiling) return null;
    const bucket = this.state.serving?.ceiling ?? new TokenBucket(ceiling, Date.now());
    bucket.change(ceiling);
    return bucket;
  }

  private settleCondition({ serve }: Assignment): void {
    const isServing = this.state.serving !== null;
    if (isServing) this.condition = "ready";
    else this.condition = serve ? "failed" : "stopped";
    if (this.refused) this.reason = `revision ${this.refused.revision} was refused: ${this.refused.reason}`;
    else this.reason = isServing ? null : "no revision is assigned";
  }

  private unloadOthers(): void {
    for (const [key, lane] of this.loaded) {
      if (lane === this.servingLane || lane === this.warm || lane === this.canary.lane) continue;
      this.loaded.delete(key);
      this.unload(lane);
    }
  }

  /** Nobody waits for it: a model that hangs is never drained, and the next assignment may be what ends the trouble with it. */
  private unload(lane: Lane): void {
    const left = lane
      .drained()
      .then(() => lane.revision.model.close())
      .finally(() => this.leaving.delete(left));
    this.leaving.add(left);
  }

  /** Only of what serves: a hanging model that was rolled back from is no reason to interrupt the one that answers. */
  private checkHang(now: number): void {
    const lane = this.servingLane;
    if (!lane) return;
    const stuckMs = lane.stuckMs(now);
    if (stuckMs <= hangLimitMs(lane.revision, this.start.hangs)) return;
    clearInterval(this.hangCheck);
    const { revision, deadlineMs } = lane.revision.config;
    const seconds = Math.round(stuckMs / 1000);
    this.observer.hung(`the model of revision ${revision} has not come back for ${seconds} s`, deadlineMs ?? 0);
  }

  private metricsText(): string {
    const serving = this.servingLane?.revision.config.revision ?? null;
    const { bytes, dropped } = this.spool;
    const breaker = this.guard?.breakerState() ?? null;
    const canary = this.canary.status() ?? null;
    return this.metrics.text(this.start.name, { serving, canary, breaker, spoolBytes: bytes, eventsDropped: dropped });
  }
}

/** A revision whose limits were changed is another one to load, under the same name. */
const keyOf = (config: RevisionConfig, isIsolated = false): string =>
  JSON.stringify(config) + (isIsolated ? " apart" : "");

const rulesOf = ({ config, shape }: LoadedRevision): Serving["rules"] => ({
  input: shape.input,
  features: shape.features,
  mayMiss: (config.features ?? []).map(({ missing }) => missing === "allowed"),
  output: shape.output,
  maxRows: config.maxRows,
  featureTimeRequired: config.featureTime === "required",
});
