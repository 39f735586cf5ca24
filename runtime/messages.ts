import type { EndpointConfig, EndpointStatus, RevisionConfig } from "@/lib/inference/desired-state";
import type { ModelFault } from "@/lib/inference/fault";

/** What the host wants of an endpoint process. The host decides which revision that is (one that crashed is not asked for again). */
export type Assignment = {
  generation: number;
  clock: EndpointConfig["clock"];
  auth: EndpointConfig["auth"];
  serve: RevisionConfig | null;
  warm: RevisionConfig | null;
  canary: NonNullable<EndpointConfig["canary"]> | null;
  /** The last revision that served, for a process that has nothing else to fall back on when `serve` cannot be loaded. */
  fallback: RevisionConfig | null;
};

export type EndpointStart = {
  type: "start";
  name: string;
  port: number;
  spoolDir: string;
  spoolBytes: number;
  segmentBytes: number;
  artifactsDir: string;
  probeSecret: string;
  /** How many processes before this one ended because a model hung, as far as the host remembers. */
  hangs: number;
  /** Models can be broken for a drill. */
  isDrill: boolean;
  assignment: Assignment;
};
export type ToEndpoint =
  | EndpointStart
  | { type: "assign"; assignment: Assignment }
  | { type: "fault"; fault: ModelFault; revision: string | null };

export type EndpointReport = Pick<
  EndpointStatus,
  "state" | "reason" | "serving" | "warm" | "refused" | "mode" | "eventsDropped" | "generation" | "breaker" | "canary"
>;
/** `loading` goes out before a model is touched, so that a crash can be laid at its door. */
export type FromEndpoint =
  | { type: "loading"; revision: string }
  | { type: "report"; report: EndpointReport }
  /** The fault is in place, on the model of this revision; null: nothing serves, or models cannot be broken here. */
  | { type: "broken"; revision: string | null }
  /** A model does not come back from its run, and neither does its thread: this process is about to end. */
  | { type: "hung"; reason: string }
  /** It cannot do its work at all and ends, for example because its port is taken. */
  | { type: "failed"; reason: string };

export type ToShipper = { type: "start"; spoolRoot: string; clickhouseUrl: string; port: number };
export type FromShipper = { type: "report"; ok: boolean; reason: string | null };
