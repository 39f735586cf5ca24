import { setTimeout as pause } from "node:timers/promises";
import type { ContractDocument } from "@/lib/contracts/document";
import { inTransaction } from "@/lib/db";
import { digestOf } from "@/lib/digest";
import { env } from "@/lib/env";
import { concludeEvidenceRun, type RunOutcome } from "@/lib/governance/commands/conclude-evidence-run";
import { reportProgress } from "@/lib/governance/commands/report-progress";
import { takeEvidenceRun } from "@/lib/governance/commands/take-evidence-run";
import { drilledPart } from "@/lib/governance/drilled-part";
import type { RunProgress } from "@/lib/governance/evidence-run";
import { logger } from "@/lib/logger";
import { ceilingOf, keeps, loadClauses, marginsOf } from "@/lib/serving/feasibility";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { type Canary, startCanary } from "./canary";
import { forDrill, forLoad, orderOf, previousOf } from "./evidence-order";
import type { Job } from "./job";
import { MachineBusy, measureLoad } from "./measure-load";
import { runDrill } from "./run-drill";
import { requestBodies, sampleRows } from "./sample-bodies";
import { thisMachine } from "./this-machine";

const BEAT_MS = 5000;
const ROWS_PER_REQUEST = 1;
const BODIES = 512;
const LARGE_BODIES = 4;
const BUSY_ATTEMPTS = 5;
const BUSY_PAUSE_MS = 15_000;

type Run = NonNullable<Awaited<ReturnType<typeof takeEvidenceRun>>>;
type Progress = (step: number, steps: number, text: string) => Promise<void>;

/** Takes one load test or drill at a time and makes it on a copy beside the live endpoints. One that fails says why, and is not repeated. */
export const evidenceRuns: Job = {
  name: "evidence runs",
  everyMs: 1000,
  run: async (signal) => {
    const run = await inTransaction((tx) => takeEvidenceRun(tx, new Date()));
    if (!run) return;
    const cancelled = new AbortController();
    const beat = setInterval(() => void tell(run.id, null, cancelled), BEAT_MS);
    try {
      const either = AbortSignal.any([signal, cancelled.signal]);
      const outcome = await measure(run, either, (step, steps, text) => tell(run.id, { step, steps, text }, cancelled));
      // A worker that ends leaves its run to the next one.
      if (signal.aborted) return;
      await inTransaction((tx) => concludeEvidenceRun(tx, run.id, outcome));
      logger().info({ run: run.id, kind: run.kind, outcome: outcome.words }, "evidence run ended");
    } finally {
      clearInterval(beat);
    }
  },
};

/** Also tells whether the run was cancelled meanwhile. A database that is away for a moment ends no measurement. */
async function tell(id: string, progress: RunProgress | null, cancelled: AbortController): Promise<void> {
  const goesOn = await inTransaction((tx) => reportProgress(tx, id, progress, new Date())).catch((error: unknown) => {
    logger().warn({ run: id, err: error }, "progress of an evidence run was not written");
    return true;
  });
  if (!goesOn) cancelled.abort(new Error("It was cancelled."));
}

async function measure(run: Run, signal: AbortSignal, progress: Progress): Promise<RunOutcome> {
  try {
    return run.kind === "drill" ? await drill(run, signal, progress) : await load(run, signal, progress);
  } catch (error) {
    return { kind: "none", words: error instanceof Error ? error.message : String(error) };
  }
}

/** A machine that is too busy says nothing of the model: it is tried again when it may be quieter, and given up with the reason. */
async function load(run: Run, signal: AbortSignal, progress: Progress): Promise<RunOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await loadOnce(run, signal, progress);
    } catch (error) {
      if (!(error instanceof MachineBusy) || attempt === BUSY_ATTEMPTS) throw error;
      await progress(attempt, BUSY_ATTEMPTS, `${error.message} Trying again in ${BUSY_PAUSE_MS / 1000} s.`);
      await pause(BUSY_PAUSE_MS, undefined, { signal });
    }
  }
}

async function loadOnce(run: Run, signal: AbortSignal, progress: Progress): Promise<RunOutcome> {
  const { version, document, revision, samplePath, modelBytes } = await orderOf(run);
  const rows = await sampleRows(samplePath, version.schema);
  const bodies = requestBodies(rows, version.schema, { size: ROWS_PER_REQUEST, count: BODIES, now: Date.now() });
  const serving = forLoad(revision);
  const order = { artifactsDir: artifactsDir(), serving, warm: null, drill: false, loadMs: loadLimit(modelBytes) };
  return withCanary(order, signal, async (canary) => {
    await canary.ask(bodies[0] ?? "");
    const startedAt = new Date().toISOString();
    const plan = {
      ceiling: ceilingOf(document),
      p99Ms: document.clauses.find((c) => c.metric === "p99")?.target ?? null,
    };
    const { mode } = await canary.status();
    const measured = await measureLoad({
      canary,
      bodies,
      plan,
      keeps: (step) => loadClauses(document).every((clause) => keeps(clause, step) !== false),
      onStep: (step, steps, text) => progress(step, steps, text),
      signal,
    });
    const payload: LoadCurve = {
      kind: "measured",
      tool: "proviso",
      runId: run.id,
      target: "local",
      tier: "cpu",
      hardware: thisMachine(),
      versionDigest: version.digest,
      contractDigest: run.contract.digest,
      settings: {
        batching: document.failureMode?.batching ?? null,
        queueRows: document.failureMode?.queueRows ?? null,
        threadMode: mode,
      },
      rowsPerRequest: ROWS_PER_REQUEST,
      ...measured,
      startedAt,
      endedAt: new Date().toISOString(),
    };
    return { kind: "load_curve", payload, words: loadWords(document, payload) };
  });
}

function loadWords(document: ContractDocument, curve: LoadCurve): string {
  const margins = marginsOf(document, curve).map(({ words }) => words);
  const knee = curve.knee ? `The knee is at ${curve.knee.perSecond} requests/s.` : "Every rate that was tried held.";
  return [knee, ...margins].join(" ");
}

async function drill(run: Run, signal: AbortSignal, progress: Progress): Promise<RunOutcome> {
  const { version, document, revision, samplePath, modelBytes } = await orderOf(run);
  const warm = await previousOf(run);
  const rows = await sampleRows(samplePath, version.schema);
  const make = (size: number, count: number) => requestBodies(rows, version.schema, { size, count, now: Date.now() });
  const bodies = make(1, BODIES);
  const order = {
    artifactsDir: artifactsDir(),
    serving: forDrill(revision),
    warm,
    drill: true,
    loadMs: loadLimit(modelBytes),
  };
  return withCanary(order, signal, async (canary) => {
    await canary.ask(bodies[0] ?? "");
    const startedAt = new Date().toISOString();
    const faults = await runDrill({
      canary,
      document,
      hasPrevious: warm !== null,
      bodies,
      largeBodies: make(document.serving.maxRows, LARGE_BODIES),
      onFault: (step, steps, fault) => progress(step, steps, fault),
      signal,
    });
    const payload = {
      versionDigest: version.digest,
      contractDigest: run.contract.digest,
      failureModeDigest: digestOf(drilledPart(document)),
      hardware: thisMachine(),
      faults,
      passed: faults.every(({ passed }) => passed),
      startedAt,
      endedAt: new Date().toISOString(),
    };
    const failed = faults.filter(({ passed }) => !passed);
    const words = failed.map(({ fault, seen }) => `${fault}: ${seen}.`).join(" ");
    return {
      kind: "drill",
      payload,
      words: words || `The declared behaviour was seen in all ${faults.length} faults.`,
    };
  });
}

async function withCanary(
  order: Parameters<typeof startCanary>[0],
  signal: AbortSignal,
  work: (canary: Canary) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const canary = await startCanary(order, signal);
  try {
    return await work(canary);
  } finally {
    await canary.stop();
  }
}

function artifactsDir(): string {
  const { ARTIFACTS_DIR: dir } = env();
  if (!dir) throw new Error("There is no artifact store: set ARTIFACTS_DIR to a directory.");
  return dir;
}

/** Reading and optimising a model takes a second per 20 MB at worst, and the runtime measures it before it serves. */
const loadLimit = (bytes: number) => 60_000 + bytes / 20_000;
