import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { RevisionConfig } from "@/lib/inference/desired-state";
import { artifactPath } from "@/runtime/revision";
import { TestHost } from "@/runtime/test-host";
import { ROOT, TYPESCRIPT } from "@/runtime/typescript-loader";
import type { LoadOrder, LoadReport } from "./load-generator";
import { type BenchResult, median, option, rounded } from "./report";

/**
 * One row of JSON over 8 connections: an endpoint process with authentication, ceiling, deadline and event log against a bare loop of
 * node:http and ONNX Runtime that answers the same JSON, in turns on the same machine. Load: ./load-generator, its own process.
 */
const CONNECTIONS = 8;
const MODEL = path.join(ROOT, "examples/flight-delays/models/v2");

type Declared = Pick<RevisionConfig, "inputs" | "outputs">;
type Target = { name: string; port: number; path: string; token: string; reports: LoadReport[] };

export async function bench(args: readonly string[]): Promise<BenchResult> {
  const seconds = option(args, "seconds", 4);
  const rounds = option(args, "rounds", 5);
  const host = new TestHost();
  await host.start();
  const revision = benchRevision(host);
  const features = revision.inputs[0]?.features?.length ?? 0;
  const bare = await startBareLoop(artifactPath(host.artifactsDir, revision.model), features);
  try {
    await host.apply(host.config("bench", 1, revision));
    const { url, pid } = await host.ready("bench", revision.revision);
    const token = host.signer.sign({ aud: "bench" });
    const target = { path: "/v2/models/bench/infer", token };
    const bareTarget: Target = { ...target, name: "bare loop", port: bare.port, reports: [] };
    const ours: Target = { ...target, name: "endpoint", port: Number(new URL(url ?? "").port), reports: [] };
    const body = requestBody(features);
    await sameAnswer(bareTarget, ours, body);
    for (const each of [bareTarget, ours]) await load(each, body, 2); // both warm
    let rssMb = 0;
    for (let round = 0; round < rounds; round++) {
      for (const each of [bareTarget, ours]) each.reports.push(await load(each, body, seconds));
      rssMb = Math.max(rssMb, residentMb(pid ?? 0));
    }
    return report(bareTarget, ours, rssMb);
  } finally {
    bare.stop();
    await host.close();
  }
}

function benchRevision(host: TestHost): RevisionConfig {
  const declared = JSON.parse(readFileSync(path.join(MODEL, "model.json"), "utf8")) as Declared;
  return host.revision(
    "bench-r1",
    { features: 1 },
    {
      inputs: declared.inputs,
      outputs: declared.outputs,
      model: host.store(readFileSync(path.join(MODEL, "model.onnx"))),
      ceiling: { requestsPerSecond: 1e6, burst: 1e6 },
      deadlineMs: 1000,
      latencyBoundsMs: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    },
  );
}

const requestBody = (features: number): string =>
  JSON.stringify({
    id: "bench",
    parameters: { event_time: Date.UTC(2001, 3, 23), feature_time: Date.UTC(2001, 3, 22) },
    inputs: [
      {
        name: "features",
        datatype: "FP32",
        shape: [1, features],
        data: Array.from({ length: features }, (_, k) => k / 3),
      },
    ],
  });

async function startBareLoop(model: string, features: number): Promise<{ port: number; stop(): void }> {
  const program = path.join(ROOT, "bench/bare-loop.ts");
  const child = spawn(process.execPath, [...TYPESCRIPT, program, model, String(features)], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  return { port: Number(String(line)), stop: () => child.stdin.end() };
}

/** The comparison is only fair between programs that answer the same. */
async function sameAnswer(a: Target, b: Target, body: string): Promise<void> {
  const [one, two] = await Promise.all(
    [a, b].map(async ({ port, path: pathname, token }) => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`http://127.0.0.1:${port}${pathname}`, { method: "POST", headers, body });
      return response.text();
    }),
  );
  if (one !== two) throw new Error(`the answers differ:\n${one}\n${two}`);
}

async function load({ port, path: pathname, token }: Target, body: string, seconds: number): Promise<LoadReport> {
  const order: LoadOrder = { port, path: pathname, token, body, connections: CONNECTIONS, seconds };
  const program = path.join(ROOT, "bench/load-generator.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [...TYPESCRIPT, program, JSON.stringify(order)], {
    cwd: ROOT,
  });
  const report = JSON.parse(stdout) as LoadReport;
  if (report.errors > 0) throw new Error(`${report.errors} requests failed`);
  return report;
}

/** Linux only; elsewhere not a number, and the last line says null. */
function residentMb(pid: number): number {
  if (process.platform !== "linux") return Number.NaN;
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) / 1024;
}

function report(bare: Target, ours: Target, rssMb: number): BenchResult {
  const of = (target: Target, key: "requestsPerSecond" | "p50Ms" | "p99Ms") =>
    median(target.reports.map((r) => r[key]));
  // Each round is a pair of its own: what else the machine does changes from round to round.
  const ratio = (key: "requestsPerSecond" | "p99Ms") =>
    rounded(median(ours.reports.map((r, k) => r[key] / (bare.reports[k]?.[key] ?? Number.NaN))));
  const row = (target: Target, rss: string) => [
    target.name,
    of(target, "requestsPerSecond").toFixed(0),
    of(target, "p50Ms").toFixed(3),
    of(target, "p99Ms").toFixed(3),
    rss,
  ];
  return {
    table: [["medians", "requests/s", "p50 ms", "p99 ms", "RSS MB"], row(bare, ""), row(ours, rssMb.toFixed(0))],
    result: {
      requestRatioToBareLoop: ratio("requestsPerSecond"),
      p99RatioToBareLoop: ratio("p99Ms"),
      rssMb: rounded(rssMb, 0),
    },
  };
}
