import { hostname, userInfo } from "node:os";
import path from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { EndpointStatus, HostStatus } from "@/lib/inference/desired-state";
import { type AdminAccess, findAdminAccess } from "./admin-access";
import type { Rollback } from "./host-rollback";

/**
 * `proviso-runtime`: looks at the runtime host and takes a step back on it, over the host's own admin interface. Needs neither the
 * portal nor a database; the portal takes a rollback over, with its reason, when it is back.
 */
export type CommandIo = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: {
    readonly url: string | undefined;
    readonly tokenFile: string | undefined;
    readonly dir: string | undefined;
  };
  /** What relative paths start from. */
  readonly cwd: string;
};

const USAGE = `proviso-runtime status
    What the runtime host serves.
proviso-runtime rollback ENDPOINT --reason TEXT --yes ENDPOINT
    Drops the candidate, or where there is none goes back to the revision that is kept warm. Without --yes: shows what would happen.
Everywhere: --json, --data-dir DIR (.proviso), or RUNTIME_ADMIN=URL with RUNTIME_TOKEN_FILE=FILE
`;

const OPTIONS = {
  reason: { type: "string" },
  yes: { type: "string" },
  json: { type: "boolean" },
  "data-dir": { type: "string" },
  help: { type: "boolean", short: "h" },
} satisfies ParseArgsConfig["options"];

class Usage extends Error {}
class Refused extends Error {}
class Unreachable extends Error {}

const EXIT = [
  [Usage, 2],
  [Refused, 1],
  [Unreachable, 3],
] as const;

/** Runs one command line. @returns the exit code: 0 done, 1 refused, 2 usage, 3 the host does not answer */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  try {
    const { values, positionals } = parsed(argv);
    if (values.help) io.out(USAGE);
    else await dispatch(positionals, values, io);
    return 0;
  } catch (error) {
    const code = EXIT.find(([kind]) => error instanceof kind)?.[1];
    if (code === undefined) throw error;
    io.err(`proviso-runtime: ${(error as Error).message}\n`);
    return code;
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Usage(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

type Values = ReturnType<typeof parsed>["values"];

async function dispatch([command, endpoint, ...more]: string[], values: Values, io: CommandIo): Promise<void> {
  const isKnown = command === "status" ? endpoint === undefined : command === "rollback" && endpoint !== undefined;
  if (!isKnown || more.length > 0) throw new Usage(`what is to be done?\n${USAGE}`);
  const host = access(values, io);
  if (endpoint === undefined) return showStatus(await ask(host, "GET", "/v1/status"), values, io);
  await rollBack(host, endpoint, values, io);
}

function access(values: Values, { env, cwd }: CommandIo): AdminAccess {
  const dataDir = path.resolve(cwd, values["data-dir"] ?? ".proviso");
  const isNamed = values["data-dir"] !== undefined;
  const runtimeDir = isNamed || env.dir === undefined ? path.join(dataDir, "runtime") : env.dir;
  try {
    return findAdminAccess({ url: isNamed ? undefined : env.url, tokenFile: env.tokenFile, runtimeDir });
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : String(error));
  }
}

function showStatus(status: HostStatus, { json }: Values, io: CommandIo): void {
  if (json) {
    io.out(`${JSON.stringify(status, null, 2)}\n`);
    return;
  }
  if (status.endpoints.length === 0) io.out("no endpoint\n");
  for (const each of status.endpoints) io.out(`${lineOf(each)}\n`);
  const { ok, reason } = status.shipper;
  io.out(`events: ${ok ? "shipped" : `wait on disk (${reason})`}\n`);
}

function lineOf({ name, state, serving, warm, generation, reason, rolledBack, canary }: EndpointStatus): string {
  const back = rolledBack && `rolled back from ${rolledBack.from} by ${rolledBack.by}, the portal does not know yet`;
  const beside = canary && `candidate ${canary.revision} ${canary.reason ?? `gets ${canary.percent} %`}`;
  const rest = [`warm ${warm ?? "none"}`, beside, `generation ${generation}`, back, reason].filter(Boolean).join(", ");
  return `${name}: ${state}, answers as ${serving ?? "nothing"}; ${rest}`;
}

async function rollBack(host: AdminAccess, endpoint: string, values: Values, io: CommandIo): Promise<void> {
  const before = await statusOf(host, endpoint);
  const effect = effectOn(endpoint, before);
  const reason = values.reason?.trim();
  if (!reason) throw new Usage(`--reason is missing: it goes into the audit log. ${effect}.`);
  if (values.yes !== endpoint) throw new Usage(`${effect}. To do it, add --yes ${endpoint}.`);
  const start = performance.now();
  const done = await ask<Rollback>(host, "POST", "/v1/rollback", { endpoint, by: account(), reason });
  await answers(host, endpoint, done);
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  if (values.json) io.out(`${JSON.stringify({ endpoint, ...done, seconds: Number(seconds) }, null, 2)}\n`);
  else
    io.out(
      `${endpoint} answers as ${done.to} after ${seconds} s, no longer as ${done.from}. The portal takes this over when it is there.\n`,
    );
}

function effectOn(endpoint: string, { serving, warm, canary }: EndpointStatus): string {
  const answers = `${endpoint} answers as ${serving ?? "nothing"}`;
  if (canary && serving) return `${answers}, with ${canary.percent} % for ${canary.revision}, which would be dropped`;
  return `${answers} and would go back to ${warm ?? "nothing: no revision is kept warm"}`;
}

const LIMIT_MS = 10_000;
const PAUSE_MS = 20;

async function answers(host: AdminAccess, endpoint: string, { to, generation }: Rollback): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const { serving, state, reason, canary, ...now } = await statusOf(host, endpoint);
    if (now.generation > generation) throw new Refused(`the portal wants generation ${now.generation} by now`);
    if (serving === to && state === "ready" && !canary) return;
    if (performance.now() > end) {
      throw new Refused(`the host was told, but ${to} does not answer after ${LIMIT_MS / 1000} s: ${reason ?? state}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function statusOf(host: AdminAccess, endpoint: string): Promise<EndpointStatus> {
  const { endpoints } = await ask<HostStatus>(host, "GET", "/v1/status");
  const found = endpoints.find(({ name }) => name === endpoint);
  if (found) return found;
  const known = endpoints.map(({ name }) => name).join(", ") || "none";
  throw new Refused(`this host serves no endpoint ${endpoint}; it serves: ${known}`);
}

function account(): string {
  const host = hostname();
  try {
    return `${userInfo().username}@${host}`.slice(0, 200);
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}@${host}`.slice(0, 200); // an account without an entry in passwd
  }
}

async function ask<T>(host: AdminAccess, method: string, pathname: string, body?: unknown): Promise<T> {
  const url = new URL(pathname, host.url);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${host.token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(LIMIT_MS),
      redirect: "error",
    });
    text = await response.text();
  } catch (error) {
    throw new Unreachable(`the runtime host at ${url.origin} does not answer (${why(error)})`);
  }
  if (!response.ok) throw new Refused(wordsOf(text) ?? `the host answered ${response.status}`);
  return JSON.parse(text) as T;
}

const why = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};

function wordsOf(text: string): string | null {
  try {
    const { error } = JSON.parse(text);
    return typeof error === "string" ? error : null;
  } catch {
    return null;
  }
}
