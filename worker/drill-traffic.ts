import type { DrillOutcome } from "@/lib/governance/drill-declared";
import type { DrillRequest } from "@/lib/governance/drill-verdict";
import type { LoadGenerator } from "./load-generator";
import { type LoadOrder, type LoadResult, OUTCOMES, type RequestOutcome } from "./load-messages";

const AS: Readonly<Record<RequestOutcome, DrillOutcome>> = {
  model: "model",
  fallback: "fallback",
  secondary: "secondary",
  refused: "refused",
  failed: "failed",
  timeout: "timeout",
  broken: "failed",
  unanswered: "failed",
};
const CHUNK_SECONDS = 0.5;
/** A hanging copy answers nothing: the caller of a drill has not more patience than this. */
const GRACE_MS = 3000;

/** The steady traffic of a drill, in short runs one after the other; all requests on one clock. */
export class DrillTraffic {
  readonly requests: DrillRequest[] = [];

  constructor(
    private readonly generator: LoadGenerator,
    private readonly perSecond: number,
    /** Milliseconds since 1970: the start of the drill. */
    private readonly epoch: number,
  ) {}

  /** Milliseconds after the start of the drill. */
  now(): number {
    return Date.now() - this.epoch;
  }

  /** One run at the steady rate. */
  async run(seconds = CHUNK_SECONDS): Promise<readonly DrillRequest[]> {
    const order: LoadOrder = { perSecond: this.perSecond, seconds, graceMs: GRACE_MS };
    return this.add(await this.generator.run(order));
  }

  /** Takes in what another generator sent. */
  add(result: LoadResult): readonly DrillRequest[] {
    const added = Array.from(result.due, (due, k) => ({
      at: result.startedAt - this.epoch + due,
      latencyMs: result.latency[k] ?? 0,
      outcome: AS[OUTCOMES[result.outcome[k] ?? 0] ?? "unanswered"],
    }));
    this.requests.push(...added);
    return added;
  }

  /** Goes on until the model has answered a request that was due after `from`, and a second longer; at most `limitMs`. */
  async untilBack(from: number, limitMs: number, signal: AbortSignal): Promise<void> {
    const limit = this.now() + limitMs;
    while (this.now() < limit) {
      signal.throwIfAborted();
      const run = await this.run();
      if (run.some(({ at, outcome }) => at >= from && outcome === "model")) break;
    }
    await this.run(1);
  }

  since(at: number): readonly DrillRequest[] {
    return this.requests.filter((request) => request.at >= at);
  }
}
