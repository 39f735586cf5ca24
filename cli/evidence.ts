import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { EvidenceRun, EvidenceRunDetail, VersionEvidence } from "@/lib/governance/evidence-run";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { argument, type Call, type Command, option } from "./command";
import { Refused, UsageError } from "./failures";
import { facts, short, table, utc } from "./table";

const RUNS = "/api/v1/evidence-runs";
const POLL_MS = 1000;
const WAIT_SECONDS = 300;

const evidenceOf = (call: Call) => `/api/v1/models/${argument(call, 0)}/versions/${argument(call, 1)}/evidence`;

/** Asks for a run, and with `--wait` follows it to its end: a run that fails is a refusal. */
function request(kind: "load" | "drill") {
  return async (call: Call): Promise<void> => {
    const named = /^(.+)\/(\d+)$/.exec(option(call, "contract", "use case and number, for example flight-delays/3"));
    if (!named) throw new UsageError("--contract is a use case and a number, for example flight-delays/3");
    const [, slug, n] = named;
    const api = await call.api();
    const order = { model: argument(call, 0), version: Number(argument(call, 1)), slug, n: Number(n), kind };
    const run = await api.send<EvidenceRun>("POST", RUNS, order);
    if (!call.options.wait) return call.print(run, runFacts(run));
    const ended = await followed(call, run.id);
    if (ended.state !== "passed") {
      const detail = `The ${kind} ${ended.state === "cancelled" ? "was cancelled" : "failed"}: ${ended.reason ?? "no reason given"}`;
      throw new Refused(detail, { code: ended.state, detail, run: ended });
    }
    call.print(ended, runFacts(ended) + (ended.curve ? curveTable(ended.curve) : ""));
  };
}

async function followed(call: Call, id: string): Promise<EvidenceRunDetail> {
  const api = await call.api();
  const until = performance.now() + 1000 * WAIT_SECONDS;
  let said = "";
  while (true) {
    const run = await api.get<EvidenceRunDetail>(`${RUNS}/${id}`);
    if (run.state !== "queued" && run.state !== "running") return run;
    const { progress } = run;
    const now = progress ? `${progress.step} of ${progress.steps}: ${progress.text}` : run.state;
    if (now !== said) call.io.err(`${now}\n`);
    said = now;
    if (performance.now() > until)
      throw new Refused(`The run ${id} has not ended within ${WAIT_SECONDS} s; it goes on.`);
    await pause(POLL_MS, undefined, { signal: call.io.signal });
  }
}

async function get(call: Call): Promise<void> {
  const found = await (await call.api()).get<VersionEvidence>(evidenceOf(call));
  const curves = table(
    found.curves,
    [
      { head: "CURVE", cell: ({ curve }) => (curve.kind === "measured" ? "measured" : `attested by ${curve.tool}`) },
      {
        head: "RATES",
        cell: ({ curve }) => `${curve.steps[0]?.offeredPerSecond} to ${curve.steps.at(-1)?.offeredPerSecond}/s`,
      },
      { head: "KNEE", cell: ({ curve }) => curve.knee && `${curve.knee.perSecond}/s` },
      { head: "DIGEST", cell: ({ digest }) => short(digest) },
      { head: "RECORDED", cell: ({ recordedAt, recordedBy }) => `${utc(recordedAt)} by ${recordedBy}` },
    ],
    "No load curve.",
  );
  const drills = table(
    found.drills.flatMap(({ drill, recordedAt }) => drill.faults.map((fault) => ({ ...fault, recordedAt }))),
    [
      { head: "FAULT", cell: ({ fault }) => fault },
      { head: "PASSED", cell: ({ passed }) => (passed ? "yes" : "no") },
      { head: "DECLARED", cell: ({ declared }) => declared },
      { head: "SEEN", cell: ({ seen }) => seen },
      { head: "RECORDED", cell: ({ recordedAt }) => utc(recordedAt) },
    ],
    "No drill.",
  );
  const runs = table(
    found.runs,
    [
      { head: "RUN", cell: ({ id }) => id },
      { head: "KIND", cell: ({ kind }) => kind },
      { head: "STATE", cell: ({ state }) => state },
      { head: "CONTRACT", cell: ({ useCase, contract }) => `${useCase}/${contract}` },
      { head: "REASON", cell: ({ reason }) => reason },
    ],
    "No run.",
  );
  const newest = found.curves[0] ? `\n${curveTable(found.curves[0].curve)}` : "";
  call.print(found, `${curves}${newest}\n${drills}\n${runs}`);
}

async function importReport(call: Call): Promise<void> {
  const file = option(call, "file", "the report");
  const content = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`${file} cannot be read.`);
  });
  const rows = option(call, "rows");
  const imported = await (await call.api()).send<{ digest: string; curve: LoadCurve }>("POST", evidenceOf(call), {
    format: option(call, "format", "k6 or perf_analyzer"),
    content,
    runId: option(call, "run-id", "what the run is called where it was made"),
    target: option(call, "target", "local or kubernetes"),
    tier: option(call, "tier", "cpu, gpu or edge"),
    startedAt: option(call, "started-at", "when it was measured, for example 2026-11-24T10:00:00Z"),
    ...(rows !== undefined && { rowsPerRequest: Number(rows) }),
  });
  call.print(imported, `attested, not verified  ${short(imported.digest)}\n${curveTable(imported.curve)}`);
}

function runFacts(run: EvidenceRun): string {
  return facts([
    ["run", run.id],
    ["kind", run.kind],
    ["state", run.state],
    ["version", `${run.model} v${run.version}`],
    ["contract", `${run.useCase}/${run.contract}`],
    ["reason", run.reason],
  ]);
}

function curveTable({ steps }: LoadCurve): string {
  const ms = (value: number | undefined) => value?.toFixed(2);
  return table(
    steps,
    [
      { head: "OFFERED/S", cell: ({ offeredPerSecond }) => offeredPerSecond, right: true },
      { head: "ANSWERED/S", cell: ({ achievedPerSecond }) => achievedPerSecond.toFixed(1), right: true },
      { head: "P50 MS", cell: ({ latencyMs }) => ms(latencyMs?.p50), right: true },
      { head: "P95 MS", cell: ({ latencyMs }) => ms(latencyMs?.p95), right: true },
      { head: "P99 MS", cell: ({ latencyMs }) => ms(latencyMs?.p99), right: true },
      { head: "NO ANSWER", cell: ({ errors, timeouts, rejected }) => errors + timeouts + rejected, right: true },
    ],
    "No step.",
  );
}

const RUN = {
  args: ["MODEL", "VERSION"],
  options: { contract: { type: "string" }, wait: { type: "boolean" } },
  usage: "--contract USE_CASE/NUMBER [--wait]",
} as const;

export const EVIDENCE: readonly Command[] = [
  {
    name: "evidence load",
    ...RUN,
    summary: "Measures the load curve of a version on a copy of it.",
    run: request("load"),
  },
  {
    name: "evidence drill",
    ...RUN,
    summary: "Breaks a copy of a version as its contract declares.",
    run: request("drill"),
  },
  { name: "evidence get", args: ["MODEL", "VERSION"], summary: "Load curves, drills and runs of a version.", run: get },
  {
    name: "evidence import",
    args: ["MODEL", "VERSION"],
    options: {
      file: { type: "string" },
      format: { type: "string" },
      "run-id": { type: "string" },
      target: { type: "string" },
      tier: { type: "string" },
      rows: { type: "string" },
      "started-at": { type: "string" },
    },
    usage:
      "--file REPORT --format k6|perf_analyzer --run-id TEXT --target local|kubernetes --tier cpu|gpu|edge --started-at TIME [--rows N]",
    summary: "Attests a load curve with the report of another tool.",
    run: importReport,
  },
];
