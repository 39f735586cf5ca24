/** One request to the API server. Everything above this is ours; below it are only credentials and a connection. */
export type KubeRequest = {
  readonly method: "GET" | "PATCH" | "DELETE" | "POST";
  /** For example `/apis/apps/v1/namespaces/risk/deployments`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal: AbortSignal;
};

export type KubeResponse = {
  readonly status: number;
  /** From `Retry-After`; null: not said. */
  readonly retryAfterSeconds: number | null;
  readonly text: () => Promise<string>;
  /** Of a watch: one event per line, until the server ends it or the request is aborted. */
  readonly lines: () => AsyncIterable<string>;
};

/** Rejects when there is no answer. */
export type Transport = (request: KubeRequest) => Promise<KubeResponse>;
