import { setTimeout as pause } from "node:timers/promises";
import type { ContractDocument } from "@/lib/contracts/document";
import { type Declared, declaredFor, faultsOf } from "@/lib/governance/drill-declared";
import type { Fault, FaultReport } from "@/lib/governance/drill-report";
import { judgeFault } from "@/lib/governance/drill-verdict";
import type { ModelFault } from "@/lib/inference/fault";
import type { Canary } from "./canary";
import { DrillTraffic } from "./drill-traffic";
import { type LoadGenerator, startGenerator } from "./load-generator";

const PER_SECOND = 20;
const CONNECTIONS = 64;
/** A flood needs as many connections as requests are to wait. */
const MOST_CONNECTIONS = 600;
const FLOOD_SECONDS = 2;
const HOLD_SECONDS = 2;
const MEND_LIMIT_MS = 30_000;

type Options = {
  readonly canary: Canary;
  readonly document: ContractDocument;
  /** Whether a previous revision is loaded beside it. */
  readonly hasPrevious: boolean;
  /** Requests of one row, and of as many as the contract allows. */
  readonly bodies: readonly string[];
  readonly largeBodies: readonly string[];
  readonly onFault: (step: number, steps: number, fault: Fault) => Promise<void>;
  readonly signal: AbortSignal;
};

type Scene = Options & { readonly traffic: DrillTraffic };

/** Breaks the copy in every way that its contract says something about, while requests come at a steady rate. @throws Error when `signal` fires */
export async function runDrill(options: Options): Promise<FaultReport[]> {
  const { canary, document, hasPrevious, bodies, onFault, signal } = options;
  const generator = await startGenerator({ ...addressOf(canary), bodies, connections: CONNECTIONS });
  try {
    const traffic = new DrillTraffic(generator, PER_SECOND, Date.now());
    await beforeFaults(traffic);
    const faults = faultsOf(document).filter((fault) => fault !== "overload" || floodOf(document) !== null);
    const reports: FaultReport[] = [];
    for (const [index, fault] of faults.entries()) {
      signal.throwIfAborted();
      await onFault(index + 1, faults.length, fault);
      const declared = declaredFor(fault, { document, hasPrevious });
      reports.push(await runFault({ ...options, traffic }, fault, declared));
    }
    return reports;
  } finally {
    await generator.stop();
  }
}

const addressOf = ({ port, path, token }: Canary) => ({ port, path, token });

/** A copy that does not answer before anything is broken proves nothing. */
async function beforeFaults(traffic: DrillTraffic): Promise<void> {
  await traffic.run(1);
  const run = await traffic.run(1);
  const answered = run.filter(({ outcome }) => outcome === "model").length;
  if (answered < run.length) {
    throw new Error(`Before anything was broken, the model answered ${answered} of ${run.length} requests only.`);
  }
}

async function runFault(scene: Scene, fault: Fault, declared: Declared): Promise<FaultReport> {
  const { traffic, signal } = scene;
  const from = traffic.now();
  const { injectedAt, endedAt } = await breakIt(scene, fault);
  await traffic.untilBack(endedAt, declared.backWithinMs + 2000, signal);
  return judgeFault({ fault, declared, injectedAt, endedAt, requests: traffic.since(Math.max(from, injectedAt)) });
}

type Broken = { readonly injectedAt: number; readonly endedAt: number };

function breakIt(scene: Scene, fault: Fault): Promise<Broken> {
  const { deadlineMs } = scene.document.serving;
  const lateMs = 2 * (deadlineMs ?? 500);
  if (fault === "kill") return kill(scene);
  if (fault === "overload") return flood(scene, lateMs);
  if (fault === "slow") return hold(scene, [{ kind: "slow", ms: Math.min(60_000, Math.ceil(lateMs)) }]);
  if (fault === "hang") return hold(scene, [{ kind: "hang", ms: Math.ceil(HOLD_SECONDS * 1000 + lateMs) }]);
  return hold(scene, [{ kind: "error" }, { kind: "wrong" }]);
}

/** Each of the faults for a while, with traffic before, during and after. */
async function hold({ canary, traffic, signal }: Scene, faults: readonly ModelFault[]): Promise<Broken> {
  let injectedAt: number | null = null;
  for (const fault of faults) {
    const running = traffic.run(HOLD_SECONDS);
    await pause(100);
    await canary.fault(fault);
    injectedAt ??= traffic.now();
    await running;
  }
  return { injectedAt: injectedAt ?? traffic.now(), endedAt: await mend(canary, traffic, signal) };
}

async function kill({ canary, traffic }: Scene): Promise<Broken> {
  const { pid } = await canary.status();
  if (pid === null) throw new Error("The copy has no process to kill.");
  const running = traffic.run(HOLD_SECONDS);
  await pause(300);
  process.kill(pid, "SIGKILL");
  const at = traffic.now();
  await running;
  return { injectedAt: at, endedAt: at };
}

/** More rows than may wait, while each run takes longer than the deadline. */
async function flood(scene: Scene, lateMs: number): Promise<Broken> {
  const { canary, traffic, document, largeBodies, signal } = scene;
  const order = floodOf(document);
  if (!order) throw new Error("the queue cannot be filled by one client");
  const target = { ...addressOf(canary), bodies: largeBodies, connections: order.connections };
  const generator: LoadGenerator = await startGenerator(target);
  try {
    await canary.fault({ kind: "slow", ms: Math.min(60_000, Math.ceil(lateMs)) });
    const injectedAt = traffic.now();
    traffic.add(await generator.run({ perSecond: order.perSecond, seconds: FLOOD_SECONDS, graceMs: 3000 }));
    return { injectedAt, endedAt: await mend(canary, traffic, signal) };
  } finally {
    await generator.stop();
  }
}

/** Rate and connections that fill the queue twice over before the first deadline passes; null: one client cannot. */
function floodOf({ serving, failureMode }: ContractDocument) {
  const flood = 2 * Math.ceil((failureMode?.queueRows ?? 4096) / serving.maxRows) + 10;
  // As many again, so that none waits for a connection: that would be the client's lateness.
  const connections = 2 * flood;
  if (connections > MOST_CONNECTIONS) return null;
  const seconds = Math.min(1, (serving.deadlineMs ?? 1000) / 1000);
  return { connections, perSecond: Math.ceil(flood / seconds) };
}

/** A process that stands still takes no message: it is asked again until it does. @returns when it was mended */
async function mend(canary: Canary, traffic: DrillTraffic, signal: AbortSignal): Promise<number> {
  const limit = Date.now() + MEND_LIMIT_MS;
  while (true) {
    signal.throwIfAborted();
    const failed = await canary.fault({ kind: "none" }).then(
      () => null,
      (error: unknown) => error,
    );
    if (failed === null) return traffic.now();
    if (Date.now() > limit) throw failed;
    await pause(200);
  }
}
