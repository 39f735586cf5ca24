import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Label } from "./pending-labels";
import { ENDPOINT, type ExampleRole, type Settings } from "./settings";

const CLI = fileURLToPath(new URL("../../cli/proviso.mjs", import.meta.url));
const UNREACHABLE = 3;

/** The command said no. `code`: its exit code (1 refused, 2 usage, 3 unreachable); `problem`: the server's stable code. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
  constructor(
    message: string,
    readonly code: number | null,
    readonly problem: string | undefined,
  ) {
    super(message);
  }
}

/** Runs `proviso ARGS --json` with the account of a role. Resolves to what it prints; throws `CommandFailed`. */
export async function proviso(settings: Settings, role: ExampleRole, args: readonly string[]): Promise<unknown> {
  const { email, token } = settings.account(role);
  const child = spawn(process.execPath, [CLI, ...args, "--json"], {
    env: { ...process.env, PROVISO_URL: settings.url, PROVISO_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output.stderr += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) return JSON.parse(output.stdout);
  const said = lastJson(output.stderr);
  const words = said?.detail ?? output.stderr.trim().split("\n").at(-1) ?? "no reason given";
  throw new CommandFailed(`proviso ${args.slice(0, 3).join(" ")} (as ${email}): ${words}`, code, said?.code);
}

const problem = z.object({ detail: z.string(), code: z.string().optional() });

/** Progress may come before the problem; the problem is the last line. */
function lastJson(text: string): z.output<typeof problem> | undefined {
  try {
    return problem.safeParse(JSON.parse(text.trim().split("\n").at(-1) ?? "")).data;
  } catch {
    return undefined;
  }
}

/** What a `get` prints, or null when there is no such thing. */
export async function ifThere<T>(wanted: z.ZodType<T>, printed: Promise<unknown>): Promise<T | null> {
  try {
    return wanted.parse(await printed);
  } catch (error) {
    if (error instanceof CommandFailed && error.problem === "not_found") return null;
    throw error;
  }
}

/** Repeats `work` while the portal cannot be reached, and says so once. */
export async function whenReachable<T>(say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  for (let pause = 500, said = false; ; pause = Math.min(5000, pause * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CommandFailed && error.code === UNREACHABLE)) throw error;
      if (!said) say(`${error.message} Waiting for it.`);
      said = true;
      await sleep(pause);
    }
  }
}

const issued = z.object({ token: z.string(), expiresAt: z.iso.datetime(), inferenceUrl: z.string().nullable() });
export type Access = { readonly url: string; readonly token: string };

const LEAST_AGE_MS = 3000;

/**
 * Token and address for inference calls, as `proviso token` gives them to ci; fetched again after four fifths of the token's
 * life, or on request when the last ones are older than three seconds. Throws while the endpoint does not listen.
 */
export class InferenceAccess {
  private known: { readonly access: Access; readonly at: number; readonly until: number } | undefined;
  private fetching: Promise<Access> | undefined;

  constructor(private readonly settings: Settings) {}

  get(renew: boolean): Promise<Access> {
    const now = Date.now();
    const isGood = this.known && now < this.known.until && !(renew && now - this.known.at > LEAST_AGE_MS);
    if (isGood && this.known) return Promise.resolve(this.known.access);
    this.fetching ??= this.fetch().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  private async fetch(): Promise<Access> {
    const at = Date.now();
    try {
      const { token, expiresAt, inferenceUrl } = issued.parse(await proviso(this.settings, "ci", ["token", ENDPOINT]));
      if (inferenceUrl === null) throw new Error(`the endpoint ${ENDPOINT} does not listen yet`);
      const access = { url: inferenceUrl, token };
      this.known = { access, at, until: at + 0.8 * (Date.parse(expiresAt) - at) };
      return access;
    } catch (error) {
      // Inference goes on without the portal: what is known may still do.
      if (!this.known || at >= this.known.until) throw error;
      this.known = { ...this.known, at };
      return this.known.access;
    }
  }
}

/** Sends labels as NDJSON with the account of ci. Throws with the server's words, or when it cannot be reached. */
export async function sendLabels(settings: Settings, labels: readonly Label[]): Promise<void> {
  const { token } = settings.account("ci");
  const lines = labels.map(({ requestId, row, late, knownAt }) =>
    JSON.stringify({
      endpoint: ENDPOINT,
      row: `${requestId}/${row}`,
      value: late ? 1 : 0,
      observed_at: new Date(knownAt * 1000).toISOString(),
    }),
  );
  const response = await fetch(`${settings.url}/api/v1/ground-truth`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    body: `${lines.join("\n")}\n`,
    signal: AbortSignal.timeout(20_000),
  }).catch((error: unknown) => {
    throw new Error(`labels wait, the portal cannot be reached: ${causeOf(error)}`);
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`labels wait, the portal answered ${response.status}: ${text.slice(0, 300)}`);
}

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? causeOf(error.cause) : error.message;
};
