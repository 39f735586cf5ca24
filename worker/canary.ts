import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { EndpointStatus, RevisionConfig } from "@/lib/inference/desired-state";
import { FAULT_PATH, type ModelFault } from "@/lib/inference/fault";
import { getStatus, type HostAccess, putState } from "@/lib/inference/host-client";
import { canaryDirectory } from "./canary-directory";
import { canaryToken } from "./canary-token";

const ROOT = path.dirname(import.meta.dirname);
/** Name of the only endpoint of a canary's host. */
export const CANARY = "canary";
const HOST_STARTS_MS = 30_000;
const STOP_MS = 10_000;
const POLL_MS = 50;

export type CanaryOrder = {
  readonly artifactsDir: string;
  readonly serving: RevisionConfig;
  /** Loaded and idle; null: none. */
  readonly warm: RevisionConfig | null;
  /** Whether its host lets itself be broken. */
  readonly drill: boolean;
  /** Milliseconds that loading may take. */
  readonly loadMs: number;
};

export type Canary = {
  readonly port: number;
  /** Of the Open Inference Protocol, for the name of the endpoint. */
  readonly path: string;
  readonly token: string;
  status(): Promise<EndpointStatus>;
  /** Waits until the endpoint is as wanted. @throws Error with what was seen last */
  until(isWanted: (status: EndpointStatus) => boolean, limitMs: number): Promise<EndpointStatus>;
  /** One request. @throws Error unless the model answers it */
  ask(body: string): Promise<void>;
  /** Breaks the model of the serving revision, or mends it. */
  fault(fault: ModelFault): Promise<void>;
  /** Ends its host and removes everything that it wrote. */
  stop(): Promise<void>;
};

/**
 * A runtime host of its own with a copy of one revision: own process, directory, ports, key and token; it ships nothing. It ends with
 * this process, whatever ends that, because its standard input does.
 * @throws Error when the revision cannot be loaded
 */
export async function startCanary(order: CanaryOrder, signal: AbortSignal): Promise<Canary> {
  const dir = await canaryDirectory();
  const { token, auth } = await canaryToken(CANARY);
  const host = await startHost(dir, order).catch(async (error: unknown) => {
    await rm(dir, { recursive: true, force: true });
    throw error;
  });
  const { access, child } = host;

  async function status(): Promise<EndpointStatus> {
    const found = (await getStatus(access)).endpoints.find(({ name }) => name === CANARY);
    if (!found) throw new Error("the copy's host does not know its endpoint");
    return found;
  }

  async function until(isWanted: (status: EndpointStatus) => boolean, limitMs: number): Promise<EndpointStatus> {
    const end = Date.now() + limitMs;
    let last: EndpointStatus | undefined;
    while (Date.now() < end && !signal.aborted) {
      last = await status();
      if (isWanted(last)) return last;
      await pause(POLL_MS);
    }
    const seen = last ? `${last.state}${last.reason ? `: ${last.reason}` : ""}` : "nothing";
    throw new Error(signal.aborted ? "The worker ends." : `The copy was not as wanted within ${limitMs} ms (${seen}).`);
  }

  async function stop(): Promise<void> {
    await end(child);
    await rm(dir, { recursive: true, force: true });
  }

  try {
    const { serving, warm, loadMs } = order;
    await putState(access, { endpoints: [{ name: CANARY, generation: 1, clock: "wall", serving, warm, auth }] });
    const ready = await until((now) => {
      if (now.refused || now.state === "failed") {
        throw new Error(`The copy cannot be loaded: ${now.refused?.reason ?? now.reason ?? "no reason given"}`);
      }
      return now.state === "ready" && now.serving === serving.revision && (warm === null || now.warm === warm.revision);
    }, loadMs);
    const port = Number(new URL(ready.url ?? "").port);
    const inferPath = `/v2/models/${CANARY}/infer`;
    return {
      port,
      path: inferPath,
      token,
      ask: (body) => postRequest(`http://127.0.0.1:${port}${inferPath}`, token, body),
      status,
      until,
      fault: (fault) => postFault(access, fault),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startHost(dir: string, { artifactsDir, drill }: CanaryOrder) {
  const port = await freePort();
  const token = randomBytes(24).toString("hex");
  const child = spawn(process.execPath, ["--import", "tsx", path.join(ROOT, "runtime/host.ts")], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      NODE_ENV: "production",
      PATH: "/usr/local/bin:/usr/bin:/bin",
      RUNTIME_DIR: dir,
      ARTIFACTS_DIR: artifactsDir,
      RUNTIME_TOKEN: token,
      RUNTIME_PORT: String(port),
      // Ports that the installation's own hosts do not hand out: above the one that was free just now.
      RUNTIME_PORT_RANGE: `${port + 1}-${port + 40}`,
      PROBE_SECRET: randomBytes(24).toString("hex"),
      RUNTIME_SPOOL_BYTES: String(256 * 1024 ** 2),
      ...(drill && { RUNTIME_DRILL: "1" }),
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
  }
  child.stdin.on("error", () => undefined);
  const access: HostAccess = { url: `http://127.0.0.1:${port}`, token };
  const limit = Date.now() + HOST_STARTS_MS;
  while (Date.now() < limit) {
    if (child.exitCode !== null) throw new Error(`the copy's host ended: ${output}`);
    const answers = await getStatus(access).then(
      () => true,
      () => false,
    );
    if (answers) return { access, child };
    await pause(POLL_MS);
  }
  await end(child);
  throw new Error(`the copy's host did not start within ${HOST_STARTS_MS} ms: ${output}`);
}

/** Its standard input ends: it ends its endpoint and itself. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.stdin?.end();
  const limit = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await gone;
  clearTimeout(limit);
}

/** A request from the reference sample that is refused would be refused a thousand times: said once, with the reason. */
async function postRequest(url: string, token: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  if (response.status === 200) return;
  throw new Error(`A request from the reference sample is answered with ${response.status}: ${text.slice(0, 500)}`);
}

async function postFault({ url, token }: HostAccess, fault: ModelFault): Promise<void> {
  const response = await fetch(new URL(FAULT_PATH, url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ endpoint: CANARY, fault }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the copy's host refused the fault: ${response.status} ${await response.text()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return Math.min(port, 65_000);
}
