import type { FailureConfig, RevisionConfig } from "@/lib/inference/desired-state";
import { FAULT_PATH, type ModelFault } from "@/lib/inference/fault";
import { framesOf } from "./test-events";
import type { TestHost } from "./test-host";

/** Two shared cores: for what hangs, not for what is slow. */
export const FAILING_LIMIT_MS = 90_000;

/** Failure modes for tests, and an endpoint on a host for drills with what its caller and its driller can do. */
export const NOTHING: FailureConfig = {
  onError: "error",
  onTimeout: "error",
  onOverload: "error",
  fallbackScore: null,
  breaker: null,
  queueRows: 1000,
  perClient: null,
  batching: null,
};

export const FALLBACK: FailureConfig = {
  ...NOTHING,
  onError: "fallback",
  onTimeout: "fallback",
  onOverload: "fallback",
  fallbackScore: 0.25,
};

export const PREVIOUS: FailureConfig = {
  ...NOTHING,
  onError: "previous_revision",
  onTimeout: "previous_revision",
  onOverload: "previous_revision",
};

type Answer = {
  model_version: string;
  id: string;
  parameters?: { fallback?: boolean; secondary?: string; reason?: string; stale?: boolean; stale_rows?: string };
  outputs?: { name: string; shape: number[]; data: number[] }[];
  error?: string;
};
type Ask = {
  id?: string;
  rows?: number;
  client?: string;
  parameters?: object;
  headers?: Record<string, string>;
  /** Of the address, for example `/versions/1`. */
  version?: string;
};

export class FailingEndpoint {
  protected url = "";

  constructor(
    private readonly host: TestHost,
    readonly name: string,
  ) {}

  /** Three features; deadline 400 ms unless said otherwise. */
  async serve(failure: FailureConfig, more: Partial<RevisionConfig> = {}, warm: RevisionConfig | null = null) {
    const own = { modelVersion: "2", deadlineMs: 400, failure, ...more };
    const serving = this.host.revision(`${this.name}-r2`, { features: 3 }, own);
    await this.host.apply(this.host.config(this.name, 1, serving, { warm }));
    const isThere = (s: { serving: string | null; warm: string | null }) =>
      s.serving === serving.revision && s.warm === (warm?.revision ?? null);
    const status = await this.host.endpoint(this.name, isThere);
    this.url = status.url ?? "";
    return status;
  }

  warm(more: Partial<RevisionConfig> = {}): RevisionConfig {
    return this.host.revision(`${this.name}-r1`, { features: 3, seed: 5 }, more);
  }

  /** @param revision absent: the one that serves */
  async break(fault: ModelFault, revision?: string): Promise<void> {
    const order = JSON.stringify({ endpoint: this.name, fault, revision });
    const response = await this.host.admin("POST", FAULT_PATH, order);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  }

  async ask({ id = "r", rows = 1, client = "client", parameters, headers, version = "" }: Ask = {}) {
    const data = Array.from({ length: rows * 3 }, (_, k) => k);
    const body = { id, inputs: [{ name: "features", datatype: "FP32", shape: [rows, 3], data }], parameters };
    const token = this.host.signer.sign({ aud: this.name, sub: client });
    const response = await fetch(`${this.url}/v2/models/${this.name}${version}/infer`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  }

  isReady = async (): Promise<boolean> => (await fetch(`${this.url}/v2/health/ready`)).ok;

  /** Live requests by outcome, or by outcome and reason, as the endpoint's metrics count them. */
  count(outcome: string, reason?: string): Promise<number> {
    const labels = `endpoint="${this.name}",source="live",outcome="${outcome}"`;
    return this.metric(
      reason === undefined
        ? `proviso_requests_total{${labels}}`
        : `proviso_request_reasons_total{${labels},reason="${reason}"}`,
    );
  }

  batches = (): Promise<number> => this.metric(`proviso_batches_total{endpoint="${this.name}"}`);

  /** 0 for a series that is not there. */
  async metric(series: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split("\n").find((each) => each.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1) ?? 0);
  }

  async status() {
    return (await this.host.status()).endpoints.find(({ name }) => name === this.name);
  }

  /** What is in the spool of scored rows (RowBinary; revision names and ids are readable in it). */
  loggedRows(): string {
    return framesOf(this.host.dir, this.name)
      .map(({ rows }) => rows.toString("latin1"))
      .join("");
  }
}
