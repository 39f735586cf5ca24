import "server-only";
import { z } from "zod";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import { redact } from "@/lib/logger";
import { operation } from "@/lib/operation";

const dependency = z.object({
  name: z.enum(["postgresql", "clickhouse", "runtime"]),
  state: z.enum(["ok", "down", "absent"]),
  /** What is wrong, and what would mend it. */
  reason: z.string().nullable(),
});
export type Dependency = z.output<typeof dependency>;

const child = z.object({
  name: z.string(),
  state: z.enum(["starting", "running", "waiting", "stopped"]),
  pid: z.number().nullable(),
  restarts: z.number(),
  reason: z.string().nullable(),
  since: z.string().nullable(),
});

const systemStatus = z.object({
  dependencies: z.array(dependency),
  /** Null where no supervisor of ours runs the processes (Kubernetes does, for example). */
  supervisor: z.object({ dataDir: z.string(), startedAt: z.string(), children: z.array(child) }).nullable(),
});
export type SystemStatus = z.output<typeof systemStatus>;

/** Each thing the portal needs, asked just now; `absent` is not configured, which is no fault. Each answer takes 2 s at most. */
export function dependencies(): Promise<Dependency[]> {
  const { CLICKHOUSE_URL, RUNTIME_URL } = env();
  return Promise.all([
    check("postgresql", () => db().user.count({ take: 1 })),
    CLICKHOUSE_URL
      ? check("clickhouse", (late) => reach(new URL("/ping", CLICKHOUSE_URL), late))
      : absent("clickhouse", "Nothing is measured: set CLICKHOUSE_URL."),
    RUNTIME_URL
      ? check("runtime", (late) => reach(new URL("/health", RUNTIME_URL), late))
      : absent("runtime", "Nothing is served locally: set RUNTIME_URL and RUNTIME_TOKEN."),
  ]);
}

async function absent(name: Dependency["name"], reason: string): Promise<Dependency> {
  return { name, state: "absent", reason };
}

async function check(name: Dependency["name"], work: (late: AbortSignal) => Promise<unknown>): Promise<Dependency> {
  try {
    const late = AbortSignal.timeout(2000);
    await Promise.race([
      work(late),
      new Promise((_, refuse) => late.addEventListener("abort", () => refuse(new Error("no answer within 2 s")))),
    ]);
    return { name, state: "ok", reason: null };
  } catch (error) {
    return { name, state: "down", reason: redact(error instanceof Error ? firstLine(error) : String(error)) };
  }
}

function firstLine(error: Error): string {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message.trim().split("\n").at(-1) ?? "failed"}${cause}`;
}

async function reach(url: URL, signal: AbortSignal): Promise<void> {
  url.username = "";
  url.password = "";
  const response = await fetch(url, { signal, cache: "no-store" });
  if (!response.ok) throw new Error(`answered ${response.status}`);
}

/** Processes and dependencies of this installation. */
export const getSystemStatus = operation({
  name: "system.status",
  permission: "system:read",
  input: z.object({}),
  output: systemStatus,
  run: async () => ({ dependencies: await dependencies(), supervisor: await supervisor() }),
});

async function supervisor(): Promise<SystemStatus["supervisor"]> {
  const { SUPERVISOR_URL, SUPERVISOR_TOKEN } = env();
  if (!SUPERVISOR_URL) return null;
  try {
    const response = await fetch(new URL("/status", SUPERVISOR_URL), {
      headers: { authorization: `Bearer ${SUPERVISOR_TOKEN ?? ""}` },
      signal: AbortSignal.timeout(2000),
      cache: "no-store",
    });
    return systemStatus.shape.supervisor.parse(await response.json());
  } catch {
    return null;
  }
}
