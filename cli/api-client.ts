import { Refused, Unreachable } from "./failures";

export type Method = "DELETE" | "GET" | "HEAD" | "POST" | "PUT";
type Query = Readonly<Record<string, string | number | undefined>>;
type Body = { readonly json: unknown } | { readonly bytes: ReadableStream<Uint8Array>; readonly length: number };

export type ApiClient = {
  readonly get: <T>(path: string, query?: Query) => Promise<T>;
  readonly send: <T>(method: "POST" | "PUT", path: string, body: unknown) => Promise<T>;
  readonly remove: <T>(path: string, query?: Query) => Promise<T>;
  /** Whether there is something at `path`. */
  readonly has: (path: string) => Promise<boolean>;
  readonly upload: (path: string, bytes: ReadableStream<Uint8Array>, length: number) => Promise<void>;
  /** The bytes at `path`, as they come. */
  readonly download: (path: string) => Promise<ReadableStream<Uint8Array>>;
};

/**
 * The HTTP API of one server.
 * Every method throws `Refused` with the server's words, or `Unreachable` when there is no server that answers.
 */
export function apiClient(server: string, token: string, signal: AbortSignal): ApiClient {
  async function call(method: Method, path: string, body?: Body): Promise<Response> {
    const url = new URL(path.replace(/^\//, ""), server.endsWith("/") ? server : `${server}/`);
    try {
      return await fetch(url, {
        method,
        signal,
        redirect: "error",
        headers: { authorization: `Bearer ${token}`, accept: "application/json", ...headersOf(body) },
        ...(body &&
          ("json" in body ? { body: JSON.stringify(body.json) } : { body: body.bytes, duplex: "half" as const })),
      });
    } catch (error) {
      throw new Unreachable(`Cannot reach ${url.origin}: ${causeOf(error)}.`);
    }
  }

  async function json<T>(method: Method, path: string, body?: Body): Promise<T> {
    const response = await call(method, path, body);
    if (!response.ok) throw await failure(response);
    try {
      return (await response.json()) as T;
    } catch {
      throw new Unreachable(
        `${server} does not speak the API of Proviso: ${path} answered ${response.status} without JSON.`,
      );
    }
  }

  return {
    get: (path, query = {}) => json("GET", withQuery(path, query)),
    send: (method, path, value) => json(method, path, { json: value }),
    remove: (path, query = {}) => json("DELETE", withQuery(path, query)),
    has: async (path) => {
      const response = await call("HEAD", path);
      // An answer to HEAD has no body: the words of a refusal come with the call that follows.
      return response.ok;
    },
    upload: async (path, bytes, length) => {
      await json("PUT", path, { bytes, length });
    },
    download: async (path) => {
      const response = await call("GET", path);
      if (!response.ok) throw await failure(response);
      return response.body ?? new Blob().stream();
    },
  };
}

function headersOf(body: Body | undefined): Record<string, string> {
  if (!body) return {};
  if ("json" in body) return { "content-type": "application/json" };
  return { "content-type": "application/octet-stream", "content-length": String(body.length) };
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

async function failure(response: Response): Promise<Refused | Unreachable> {
  const text = await response.text().catch(() => "");
  const problem = parse(text);
  const words = typeof problem?.detail === "string" ? problem.detail : `The server answered ${response.status}.`;
  if ([502, 503, 504].includes(response.status)) return new Unreachable(words);
  if (response.status === 401) return new Refused(`${words} (proviso login --server URL)`, problem);
  return new Refused(words, problem);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** fetch says only "fetch failed"; why is in the causes below. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "AbortError") return "interrupted";
  if (error.cause instanceof Error) return causeOf(error.cause);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return error.message && !error.message.includes(code)
    ? `${error.message} (${code})`.replace(" ()", "")
    : error.message || code;
}
