import { type ChildProcess, spawn } from "node:child_process";
import { createHash, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type {
  Applied,
  DesiredState,
  EndpointConfig,
  EndpointStatus,
  HostStatus,
  RevisionConfig,
} from "@/lib/inference/desired-state";
import { childEnvironment } from "./env";
import { listen } from "./listen";
import { artifactPath } from "./revision";
import { type TestModel, testModel } from "./test-model";
import { ROOT, TYPESCRIPT } from "./typescript-loader";

/** A real host with real endpoint processes in a directory of its own, for tests and benchmarks. */
export const ISSUER = "http://issuer.test";
export const PROBE_SECRET = "probe-secret-for-tests";
const ADMIN_TOKEN = "admin-token-for-tests";

export class TestHost {
  readonly dir = mkdtempSync(path.join(tmpdir(), "runtime-"));
  readonly artifactsDir = path.join(this.dir, "artifacts");
  readonly signer = new TokenSigner();
  url = "";
  child: ChildProcess | undefined;
  private port = 0;
  private range: [number, number] = [0, 0];
  output = "";

  /** Starts the host, or starts it again on the same directory. */
  async start(environment: Record<string, string> = {}): Promise<void> {
    if (this.port === 0) await this.choosePorts();
    const child = spawn(process.execPath, [...TYPESCRIPT, path.join(ROOT, "runtime/host.ts")], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...childEnvironment(),
        RUNTIME_DIR: this.dir,
        ARTIFACTS_DIR: this.artifactsDir,
        RUNTIME_TOKEN: ADMIN_TOKEN,
        RUNTIME_PORT: String(this.port),
        RUNTIME_PORT_RANGE: this.range.join("-"),
        PROBE_SECRET,
        ...environment,
      },
    });
    this.child = child;
    this.url = `http://127.0.0.1:${this.port}`;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.output += chunk));
    await until(`the host to answer: ${this.output}`, async () => {
      if (child.exitCode !== null) throw new Error(`the host ended: ${this.output}`);
      return (await fetch(`${this.url}/health`)).ok;
    });
  }

  private async choosePorts(): Promise<void> {
    this.port = await anyPort();
    this.range = [this.port + 1, this.port + 40];
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  async close(): Promise<void> {
    await this.kill("SIGTERM");
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Puts a model into the artifact store. @returns its SHA-256 @param digest what the store takes it for */
  store(model: Buffer, digest = createHash("sha256").update(model).digest("hex")): string {
    const file = artifactPath(this.artifactsDir, digest);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, model);
    return digest;
  }

  admin(method: string, pathname: string, body?: string, token = ADMIN_TOKEN): Promise<Response> {
    const headers = { authorization: `Bearer ${token}` };
    return fetch(`${this.url}${pathname}`, { method, headers, ...(body === undefined ? {} : { body }) });
  }

  async apply(...endpoints: DesiredState["endpoints"]): Promise<Applied> {
    const response = await this.admin("PUT", "/v1/state", JSON.stringify({ endpoints }));
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as Applied;
  }

  async status(): Promise<HostStatus> {
    return (await (await this.admin("GET", "/v1/status")).json()) as HostStatus;
  }

  /** Waits for an endpoint to be as wanted. */
  async endpoint(name: string, isWanted: (status: EndpointStatus) => boolean): Promise<EndpointStatus> {
    let last: EndpointStatus | undefined;
    await until(
      () => `endpoint ${name}, last seen ${JSON.stringify(last)}; ${this.output}`,
      async () => {
        last = (await this.status()).endpoints.find((endpoint) => endpoint.name === name);
        return last !== undefined && isWanted(last);
      },
    );
    return last as EndpointStatus;
  }

  ready(name: string, revision: string): Promise<EndpointStatus> {
    return this.endpoint(name, (status) => status.state === "ready" && status.serving === revision);
  }

  config(name: string, generation: number, serving: RevisionConfig | null, more: Partial<EndpointConfig> = {}) {
    const auth = { issuer: ISSUER, audience: name, jwks: { keys: [this.signer.jwk] } };
    return { name, generation, clock: "wall", serving, warm: null, auth, ...more } satisfies EndpointConfig;
  }

  revision(revision: string, model: TestModel, more: Partial<RevisionConfig> = {}): RevisionConfig {
    const features = Array.from({ length: model.features }, (_, k) => `f${k}`);
    return {
      revision,
      modelVersion: "1",
      contractDigest: "0".repeat(64),
      model: this.store(testModel(model)),
      inputs: [{ name: "features", datatype: "FP32", shape: [-1, model.features], features }],
      outputs: [
        { name: "label", datatype: "INT64", shape: [-1] },
        { name: "probabilities", datatype: "FP32", shape: [-1, 2] },
      ],
      score: { output: "probabilities", index: 1, threshold: 0.5 },
      featureTime: "none",
      ceiling: null,
      deadlineMs: null,
      maxRows: 256,
      latencyBoundsMs: [1, 5, 20],
      ...more,
    };
  }
}

export class TokenSigner {
  readonly jwk: Record<string, unknown>;
  private readonly key: KeyObject;

  constructor(readonly kid = "key-1") {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" };
    this.key = privateKey;
  }

  sign(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const exp = Math.floor(Date.now() / 1000) + 600;
    const signed = `${encode({ alg: "RS256", kid: this.kid, ...header })}.${encode({ iss: ISSUER, sub: "client", exp, ...claims })}`;
    return `${signed}.${createSign("sha256").update(signed).sign(this.key, "base64url")}`;
  }
}

/** Asks again until it is so; a connection refused counts as "not yet". @throws after `limitMs`, saying what was waited for */
export async function until(
  what: string | (() => string),
  isSo: () => Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if (await isSo().catch((error: unknown) => rethrowUnlessNetwork(error))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited ${limitMs} ms in vain for ${typeof what === "string" ? what : what()}`);
}

function rethrowUnlessNetwork(error: unknown): false {
  if (error instanceof TypeError) return false; // fetch failed
  throw error;
}

async function anyPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise((resolve) => server.close(resolve));
  return Math.min(port, 65_000);
}
