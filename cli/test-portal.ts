import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { run } from "./run";

type Reply = { readonly status: number; readonly body?: unknown; readonly bytes?: string };
type Seen = { readonly method: string; readonly path: string; readonly body: unknown };

/** The tokens of the portal below: what CI and a person may do differs as in the real one. */
export const CI = "pvs_ci-token-for-tests";
export const PERSON = "pvs_person-token-for-tests";

/**
 * A small portal that speaks the HTTP API over a real socket: bearer tokens, problem+json, artifacts that are hashed, versions that
 * are verified at the second look. `routes` adds or replaces answers by `METHOD /path`, `files` are the texts of artifacts by digest.
 */
export async function testPortal(
  routes: Readonly<Record<string, (body: unknown) => Reply>> = {},
  files: ReadonlyMap<string, string> = new Map(),
) {
  const seen: Seen[] = [];
  const artifacts = new Map<string, number>();
  let verdict: { readonly state: string; readonly stateReason: string | null } = { state: "ready", stateReason: null };
  let looks = 0;

  const version = (state: string, stateReason: string | null) => ({
    model: "flight-delays",
    number: 3,
    digest: "d".repeat(64),
    state,
    stateReason,
  });
  const registry: typeof routes = {
    "GET /api/v1/me": () => ok({ email: "ci@example.com", name: "CI", kind: "service", roles: ["ci"] }),
    "POST /api/v1/models/flight-delays/versions": () => ({
      status: 202,
      body: { ...version("pending", null), created: true },
    }),
    "GET /api/v1/models/flight-delays/versions/3": () =>
      ok(looks++ === 0 ? version("pending", null) : version(verdict.state, verdict.stateReason)),
  };

  function stored(sha256: string): Reply {
    const bytes = files.get(sha256);
    return bytes === undefined ? refused(404, "not_found", `There is no artifact ${sha256}.`) : { status: 200, bytes };
  }

  async function artifact(request: IncomingMessage, sha256: string): Promise<Reply> {
    if (request.method === "GET") return stored(sha256);
    if (request.method === "HEAD") return { status: artifacts.has(sha256) ? 200 : 404 };
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of request) {
      hash.update(chunk);
      size += chunk.length;
    }
    if (request.headers.authorization !== `Bearer ${CI}`) return refused(403, "forbidden", "Versions come from CI.");
    if (size !== Number(request.headers["content-length"])) return refused(400, "invalid", "another length");
    if (hash.digest("hex") !== sha256) return refused(400, "invalid", "another digest");
    artifacts.set(sha256, size);
    return { status: 201, body: { sha256, created: true } };
  }

  async function reply(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? "/", "http://portal");
    const known = [CI, PERSON].some((token) => request.headers.authorization === `Bearer ${token}`);
    if (!known) return refused(401, "unauthenticated", "Sign in, or send a bearer token.");
    const sha256 = /^\/api\/v1\/artifacts\/([0-9a-f]{64})$/.exec(url.pathname)?.[1];
    if (sha256) return artifact(request, sha256);
    let text = "";
    for await (const chunk of request) text += chunk;
    const body: unknown = text ? JSON.parse(text) : undefined;
    seen.push({ method: request.method ?? "", path: url.pathname + url.search, body });
    const key = `${request.method} ${url.pathname}`;
    const route = routes[key] ?? registry[key];
    return route ? route(body) : refused(404, "not_found", `There is nothing at ${key}.`);
  }

  const server = createServer((request, response) => {
    reply(request).then(
      (answer) => send(response, answer),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    artifacts,
    /** What verification finds of the next version. */
    decide: (state: string, stateReason: string | null) => {
      verdict = { state, stateReason };
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Runs a command as a person against a portal; what it said, and its exit code. */
export async function runAsPerson(
  url: string,
  argv: readonly string[],
): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const code = await run([...argv], {
    env: { PROVISO_URL: url, PROVISO_TOKEN: PERSON },
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    ...{ terminal: false, input: null, signal: new AbortController().signal },
  });
  return { code, ...said };
}

export const ok = (body: unknown): Reply => ({ status: 200, body });

/** problem+json as the portal sends it. */
export function refused(status: number, code: string, detail: string, errors?: Record<string, string[]>): Reply {
  return {
    status,
    body: { type: `urn:proviso:error:${code}`, title: code, status, code, detail, ...(errors && { errors }) },
  };
}

function send(response: ServerResponse, { status, body, bytes }: Reply): void {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  response
    .writeHead(status, { "content-type": type })
    .end(bytes ?? (body === undefined ? undefined : JSON.stringify(body)));
}
