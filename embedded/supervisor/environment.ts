import path from "node:path";
import { postgresUrl } from "@/embedded/postgres";
import type { Ports } from "./ports";
import type { Secrets } from "./secrets";

export type Environment = Readonly<Record<string, string>>;

export type Installation = {
  readonly dataDir: string;
  readonly webPort: number;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly inferenceKeyFile: string;
  /** Absent where the engine has no build and nobody names a server. */
  readonly clickHouseUrl: string | undefined;
};

/** Of our own environment only what a process needs to run: a DATABASE_URL in somebody's shell must not reach the product. */
/** The price of a core is the operator's to say: pages price alternatives with it. */
const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TMPDIR",
  "TERM",
  "SYSTEMROOT",
  "PRICE_CPU_CORE_HOUR",
  "PRICE_GPU_HOUR",
];

const DATABASE = "proviso";

export function publicUrl(webPort: number): string {
  return `http://127.0.0.1:${webPort}`;
}

export function adminUrl({ ports, secrets }: Installation): string {
  return postgresUrl(ports.postgres, DATABASE, "postgres", secrets.postgresPassword);
}

export function applicationUrl({ ports, secrets }: Installation): string {
  return postgresUrl(ports.postgres, DATABASE, "proviso_app", secrets.applicationPassword);
}

/** What every process gets. */
export function baseEnvironment(): Environment {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: "production",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "info",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

function measured({ clickHouseUrl }: Installation): Environment {
  return clickHouseUrl === undefined ? {} : { CLICKHOUSE_URL: clickHouseUrl };
}

/** The runtime serves without the portal: it knows neither the database nor the sessions. */
export function runtimeEnvironment(of: Installation): Environment {
  return {
    ...baseEnvironment(),
    ...measured(of),
    ARTIFACTS_DIR: path.join(of.dataDir, "artifacts"),
    RUNTIME_DIR: path.join(of.dataDir, "runtime"),
    RUNTIME_PORT: String(of.ports.runtime),
    RUNTIME_PORT_RANGE: of.ports.endpoints.join("-"),
    RUNTIME_TOKEN: of.secrets.runtimeToken,
    PROBE_SECRET: of.secrets.probeSecret,
  };
}

export function workerEnvironment(of: Installation): Environment {
  return {
    ...baseEnvironment(),
    ...measured(of),
    DATABASE_URL: applicationUrl(of),
    ARTIFACTS_DIR: path.join(of.dataDir, "artifacts"),
    RUNTIME_URL: `http://127.0.0.1:${of.ports.runtime}`,
    RUNTIME_TOKEN: of.secrets.runtimeToken,
    PROBE_SECRET: of.secrets.probeSecret,
    INFERENCE_ISSUER: "urn:proviso:embedded",
    INFERENCE_KEY_FILE: of.inferenceKeyFile,
    SUPERVISOR_URL: `http://127.0.0.1:${of.ports.supervisor}`,
    SUPERVISOR_TOKEN: of.secrets.supervisorToken,
    PUBLIC_URL: publicUrl(of.webPort),
    // Secrets of alert channels are encrypted with a key made from it.
    NEXTAUTH_SECRET: of.secrets.sessionSecret,
  };
}

export function webEnvironment(of: Installation): Environment {
  return {
    ...workerEnvironment(of),
    HOSTNAME: "127.0.0.1",
    PORT: String(of.webPort),
    NEXTAUTH_URL: publicUrl(of.webPort),
    DEVELOPMENT_ACCOUNTS: "1",
    DIRECT_SECRET: of.secrets.directSecret,
  };
}

/** The example drives the product from outside, with the accounts' tokens. */
export function exampleEnvironment(of: Installation): Environment {
  return {
    ...baseEnvironment(),
    PROVISO_URL: publicUrl(of.webPort),
    DEV_ACCOUNTS_FILE: path.join(of.dataDir, "dev-accounts.json"),
    EXAMPLE_DIR: path.join(of.dataDir, "example"),
  };
}
