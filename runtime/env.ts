import { z } from "zod";

/** The only reader of the environment in runtime/. Child processes get what they need as a message, and no secrets by environment. */
const range = z
  .string()
  .regex(/^\d{2,5}-\d{2,5}$/, "two port numbers, for example 9100-9199")
  .transform((text) => text.split("-").map(Number) as [number, number])
  .refine(([from, to]) => from >= 1 && from <= to && to <= 65_535, "an ascending range of ports up to 65535");

const environment = z.object({
  RUNTIME_DIR: z.string().min(1),
  ARTIFACTS_DIR: z.string().min(1),
  RUNTIME_TOKEN: z.string().min(16, "at least 16 characters"),
  RUNTIME_PORT: z.coerce.number().int().min(0).max(65_535),
  PROBE_SECRET: z.string().min(16, "at least 16 characters"),
  RUNTIME_PORT_RANGE: range.default([9100, 9199]),
  CLICKHOUSE_URL: z.url().optional(),
  /** Disk that the spool of one endpoint may take; beyond it events are dropped and counted. */
  RUNTIME_SPOOL_BYTES: z.coerce
    .number()
    .int()
    .min(1_000_000)
    .default(4 * 1024 ** 3),
  RUNTIME_SEGMENT_BYTES: z.coerce
    .number()
    .int()
    .min(65_536)
    .default(16 * 1024 ** 2),
  /** 1: models can be broken on purpose through the admin interface. For the private host of a drill, never where anyone is served. */
  RUNTIME_DRILL: z.enum(["0", "1"]).default("0"),
});

export type HostSettings = {
  dir: string;
  artifactsDir: string;
  token: string;
  port: number;
  probeSecret: string;
  portRange: [number, number];
  clickhouseUrl: string | null;
  spoolBytes: number;
  segmentBytes: number;
  isDrill: boolean;
};

/** @throws Error naming each variable that is missing or wrong. */
export function readEnvironment(): HostSettings {
  const read = environment.safeParse(process.env);
  if (!read.success) {
    const problems = read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`the runtime host cannot start: ${problems.join("; ")}`);
  }
  const e = read.data;
  return {
    dir: e.RUNTIME_DIR,
    artifactsDir: e.ARTIFACTS_DIR,
    token: e.RUNTIME_TOKEN,
    port: e.RUNTIME_PORT,
    probeSecret: e.PROBE_SECRET,
    portRange: e.RUNTIME_PORT_RANGE,
    clickhouseUrl: e.CLICKHOUSE_URL ?? null,
    spoolBytes: e.RUNTIME_SPOOL_BYTES,
    segmentBytes: e.RUNTIME_SEGMENT_BYTES,
    isDrill: e.RUNTIME_DRILL === "1",
  };
}

const SECRETS = new Set(["RUNTIME_TOKEN", "PROBE_SECRET", "CLICKHOUSE_URL", "DATABASE_URL"]);

/** What children inherit: a process that runs somebody's model has no business with the host's secrets. */
export const childEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRETS.has(name))) as NodeJS.ProcessEnv;

/** Where `proviso-runtime` finds a host that is not the one of a data directory. */
export const adminEnvironment = () => ({
  url: process.env.RUNTIME_ADMIN,
  tokenFile: process.env.RUNTIME_TOKEN_FILE,
  dir: process.env.RUNTIME_DIR,
});

/** Interpreter for the check with unmodified Python clients. */
export const pythonCommand = (): string => process.env.PYTHON ?? "python3";
