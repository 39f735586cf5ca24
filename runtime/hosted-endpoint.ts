import path from "node:path";
import type { Logger } from "pino";
import type { EndpointConfig, EndpointStatus, RevisionConfig } from "@/lib/inference/desired-state";
import type { FaultAnswer, FaultRequest } from "@/lib/inference/fault";
import { describeExit, isToBlame, PROBATION_MS, type Suspect } from "./blame";
import { type Exit, KeptChild } from "./child-process";
import type { HostSettings } from "./env";
import { FaultChannel } from "./fault-channel";
import { HangMemory } from "./hang";
import { LOOPBACK } from "./listen";
import type { Assignment, EndpointReport, FromEndpoint, ToEndpoint } from "./messages";
import { unshippedBytes } from "./spool-segments";
import type { EndpointRecord, StateFile } from "./state-file";

export const spoolRoot = (dir: string): string => path.join(dir, "spool");

/** Reports come every second, unless a model hangs on the loop that answers. Long, because loading a large model may hold that up. */
const SILENCE_S = 60;

/** The host's side of one endpoint: its process, what that reported last, and the blame when it crashes. */
export class HostedEndpoint {
  private readonly child: KeptChild<ToEndpoint, FromEndpoint>;
  private report: EndpointReport | null = null;
  /** The revision that answers, or answered last. */
  private served: RevisionConfig | null = null;
  private suspect: Suspect | null = null;
  private probation: NodeJS.Timeout | undefined;
  private lastExit: string | null = null;
  private isSilent = false;
  /** What the process said before it ended by itself. */
  private failure: string | null = null;
  /** Of the processes before this one. */
  private droppedBefore = 0;
  private readonly hangs = new HangMemory();
  private readonly faults = new FaultChannel();

  constructor(
    private readonly name: string,
    private readonly settings: HostSettings,
    private readonly file: StateFile,
    private readonly log: Logger,
  ) {
    this.child = new KeptChild<ToEndpoint, FromEndpoint>({
      program: new URL("./endpoint-main.ts", import.meta.url),
      args: [name],
      onStart: () => this.begin(),
      onMessage: (message) => this.receive(message),
      onExit: (exit, restartMs) => this.crashed(exit, restartMs),
      silence: { limitS: SILENCE_S, onKill: () => this.wentSilent() },
    });
  }

  start(): void {
    this.child.start();
  }

  /** Tells the process what the state on disk now says. */
  assign(): void {
    const { config, crashed } = this.record;
    const { served } = this;
    // What served until now is what a crash of its successor goes back to, however short it served.
    const isReplaced = served !== null && served.revision !== config?.serving?.revision;
    if (isReplaced && served.revision !== crashed?.revision) this.file.saveEndpoint(this.name, { proven: served });
    const isHeld = (name: string) =>
      [config?.serving, config?.warm, config?.canary?.revision].some((revision) => revision?.revision === name);
    if (this.suspect && !isHeld(this.suspect.revision)) this.suspect = null;
    if (config) this.child.send({ type: "assign", assignment: this.assignment(config) });
  }

  async stop(): Promise<void> {
    clearTimeout(this.probation);
    await this.child.stop();
  }

  /** For a drill. @throws FaultRefused */
  breakModel(request: FaultRequest): Promise<FaultAnswer> {
    return this.faults.inject(request, this.child);
  }

  status(): EndpointStatus {
    const { record, report } = this;
    const isRunning = report !== null;
    const candidate = record.config?.canary?.revision.revision;
    // What a candidate did is no news of the revision that serves.
    const crashed = record.crashed?.revision === candidate ? null : record.crashed;
    return {
      name: this.name,
      generation: record.generation,
      state: report?.state ?? (this.lastExit ? "failed" : "starting"),
      reason: crashed && !report?.reason ? crashed.reason : (report?.reason ?? this.lastExit),
      url: isRunning ? `http://${LOOPBACK}:${record.port}` : null,
      pid: this.child.pid,
      serving: report?.serving ?? null,
      warm: report?.warm ?? null,
      refused: crashed ? { revision: crashed.revision, reason: crashed.reason } : (report?.refused ?? null),
      restarts: this.child.restarts,
      mode: report?.mode ?? null,
      eventsDropped: this.droppedBefore + (report?.eventsDropped ?? 0),
      spoolBytes: unshippedBytes(this.spoolDir),
      breaker: report?.breaker ?? null,
      canary: this.canaryStatus(),
      rolledBack: record.rolledBack ?? null,
    };
  }

  private canaryStatus(): EndpointStatus["canary"] {
    const { config, crashed } = this.record;
    const revision = config?.canary?.revision.revision;
    if (revision === undefined) return null;
    const none = { revision, percent: 0, shadow: false };
    if (crashed?.revision === revision) return { ...none, state: "failed", reason: crashed.reason };
    const reported = this.report?.canary;
    return reported?.revision === revision ? reported : { ...none, state: "loading", reason: null };
  }

  private get record(): EndpointRecord {
    const record = this.file.state.endpoints[this.name];
    if (!record) throw new Error(`endpoint ${this.name} is not in the state`);
    return record;
  }

  private get spoolDir(): string {
    return path.join(spoolRoot(this.settings.dir), this.name);
  }

  private begin(): void {
    const { config, port } = this.record;
    if (!config) return;
    const { artifactsDir, probeSecret, spoolBytes, segmentBytes } = this.settings;
    const { name, spoolDir } = this;
    const assignment = this.assignment(config);
    this.child.send({
      type: "start",
      name,
      port,
      spoolDir,
      spoolBytes,
      segmentBytes,
      artifactsDir,
      probeSecret,
      hangs: this.hangs.count(Date.now()),
      isDrill: this.settings.isDrill,
      assignment,
    });
  }

  /** A revision that took the process down is not asked for again: the last proven one is. */
  private assignment(config: EndpointConfig): Assignment {
    const { generation, proven, crashed } = this.record;
    const isCrashed = (revision: string | undefined) => revision !== undefined && revision === crashed?.revision;
    const previous = proven ?? config.warm;
    const fallback = isCrashed(previous?.revision) ? null : previous;
    const serve = isCrashed(config.serving?.revision) ? fallback : config.serving;
    const warm = isCrashed(config.warm?.revision) ? null : config.warm;
    const canary = isCrashed(config.canary?.revision.revision) ? null : (config.canary ?? null);
    return { generation, clock: config.clock, auth: config.auth, serve, warm, canary, fallback };
  }

  private receive(message: FromEndpoint): void {
    if (message.type === "loading") this.suspectRevision(message.revision);
    else if (message.type === "failed") this.failure = message.reason;
    else if (message.type === "broken") this.faults.done(message.revision);
    else if (message.type === "hung") {
      this.failure = message.reason;
      this.hangs.add(Date.now());
    } else {
      this.report = message.report;
      if (message.report.serving) this.lastExit = null;
      this.served = this.configOf(message.report.serving) ?? this.served;
      this.watchProbation(message.report);
    }
  }

  private configOf(revision: string | null): RevisionConfig | null {
    const { config, proven } = this.record;
    const known = [config?.serving, config?.warm, proven];
    return known.find((candidate) => candidate?.revision === revision) ?? null;
  }

  private suspectRevision(revision: string): void {
    if (revision === this.record.proven?.revision) return;
    if (this.suspect?.revision !== revision) this.suspect = { revision, kills: 0 };
  }

  /** What serves without a crash for its probation is proven, and is what a later crash goes back to. */
  private watchProbation({ serving }: EndpointReport): void {
    if (!serving || serving === this.record.proven?.revision || this.probation) return;
    this.probation = setTimeout(() => {
      this.probation = undefined;
      if (this.report?.serving !== serving) return;
      const proven = this.configOf(serving);
      if (proven) this.file.saveEndpoint(this.name, { proven });
      if (this.suspect?.revision === serving) this.suspect = null;
    }, PROBATION_MS);
  }

  private wentSilent(): void {
    this.isSilent = true;
    this.failure = `it has not said a word for ${SILENCE_S} s`;
  }

  /** A candidate is not tried again when the process stood still with it: the revision that serves did so too. */
  private isCandidateToBlame({ revision }: Suspect): boolean {
    return this.isSilent && revision === this.record.config?.canary?.revision.revision;
  }

  private crashed(exit: Exit, restartMs: number): void {
    clearTimeout(this.probation);
    this.probation = undefined;
    this.droppedBefore += this.report?.eventsDropped ?? 0;
    this.report = null;
    this.lastExit = this.failure ?? describeExit(exit);
    this.failure = null;
    this.faults.reset();
    const { suspect } = this;
    this.log.error({ endpoint: this.name, ...exit, restartMs, suspect: suspect?.revision }, "endpoint process ended");
    if (!suspect) return;
    suspect.kills++;
    const isBlamed = isToBlame(suspect, exit) || this.isCandidateToBlame(suspect);
    this.isSilent = false;
    if (!isBlamed) return;
    const { generation } = this.record;
    const reason = `${this.lastExit} after revision ${suspect.revision} was loaded`;
    this.file.saveEndpoint(this.name, { crashed: { revision: suspect.revision, reason, generation } });
    this.suspect = null;
  }
}
