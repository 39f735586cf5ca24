import { z } from "zod";
import type { Clause, ContractDocument } from "@/lib/contracts/document";
import { formatNumber } from "@/lib/format";
import {
  ceilingOf,
  clauseMargin,
  highestRate,
  holdsRate,
  loadClauses,
  marginsOf,
  verdict,
  verdictOf,
} from "@/lib/serving/feasibility";
import type { LoadCurve, LoadStep } from "@/lib/serving/load-curve";
import { type CorePrice, monthlyPrice, monthlyPriceOf } from "@/lib/serving/price";

export const alternative = z.strictObject({
  kind: z.enum(["larger_latency", "lower_ceiling", "batching", "replicas", "tier"]),
  /** What to do, in a few words. */
  title: z.string(),
  /** Targets to put into the contract; empty where it is no matter of a number. */
  changes: z.array(z.strictObject({ clause: z.string(), target: z.number() })),
  /** `shown`: the same curve shows that it holds; `unmeasured`: only a new measurement can tell; `impossible`: not on this target. */
  standing: z.enum(["shown", "unmeasured", "impossible"]),
  words: z.string(),
  /** At the rate that would then be promised; null: not known. */
  price: monthlyPrice.nullable(),
});
export type Alternative = z.output<typeof alternative>;

export const feasibility = z.strictObject({
  verdict,
  words: z.string(),
  clauses: z.array(clauseMargin),
  /** Ranked: what is shown to hold first, then what has to be measured, then what cannot be had here. Empty unless infeasible. */
  alternatives: z.array(alternative),
  /** Why the prices are in core-hours only; null: there is a price, or none is asked for. */
  priceNote: z.string().nullable(),
});
export type Feasibility = z.output<typeof feasibility>;

/** Room above what was measured once: the next minute is not the same minute. */
const HEADROOM = 1.2;
/** From so many cores on a process with one event loop has no more to give. */
const SATURATED_CORES = 0.75;

/** The verdict on a contract by one curve, with ranked alternatives where it is infeasible. Pure. */
export function feasibilityOf(document: ContractDocument, curve: LoadCurve, price: CorePrice | null): Feasibility {
  const clauses = [...marginsOf(document, curve)];
  const found = verdictOf(clauses);
  const alternatives = found === "infeasible" ? alternativesOf(document, curve, price) : [];
  return {
    verdict: found,
    words: wordsOf(found, clauses),
    clauses,
    alternatives,
    priceNote: alternatives.length > 0 && !price ? "No price book is set: prices are in core-hours only." : null,
  };
}

function wordsOf(found: Feasibility["verdict"], clauses: Feasibility["clauses"]): string {
  if (clauses.length === 0) return "The contract promises neither a latency nor a rate.";
  const said = clauses.filter((each) => each.verdict === found).map(({ words }) => words);
  return said.join(" ");
}

function alternativesOf(document: ContractDocument, curve: LoadCurve, price: CorePrice | null): Alternative[] {
  const at = { document, curve, price, ceiling: ceilingOf(document) };
  const found = [largerLatency(at), lowerCeiling(at), batching(at), replicas(at), otherTier(at)];
  const order = ["shown", "unmeasured", "impossible"];
  return found.filter((each) => each !== null).sort((a, b) => order.indexOf(a.standing) - order.indexOf(b.standing));
}

type At = {
  readonly document: ContractDocument;
  readonly curve: LoadCurve;
  readonly price: CorePrice | null;
  readonly ceiling: number | null;
};

/** The step that the ceiling is judged by. */
function ceilingStep({ curve, ceiling }: At): LoadStep | undefined {
  return ceiling === null
    ? curve.steps[0]
    : curve.steps.find(({ offeredPerSecond }) => offeredPerSecond >= ceiling * (1 - 1e-9));
}

const priceAt = ({ price }: At, perSecond: number, step: LoadStep | undefined) =>
  monthlyPriceOf(perSecond, step?.cpuSecondsPer1000 ?? null, price);

/** The measured percentile at the ceiling, with room, rounded up: only where the rate itself is held. */
function largerLatency(at: At): Alternative | null {
  const step = ceilingStep(at);
  if (!step?.latencyMs || !holdsRate(step)) return null;
  const { latencyMs } = step;
  const changes = latencyClauses(at.document).flatMap((clause) => {
    const value = clause.metric === "p95" ? latencyMs.p95 : latencyMs.p99;
    const high = clause.metric === "p95" ? latencyMs.p95High : latencyMs.p99High;
    return value > clause.target ? [{ clause: clause.id, target: roundUp(Math.max(high ?? 0, HEADROOM * value)) }] : [];
  });
  if (changes.length === 0) return null;
  const targets = changes.map(({ clause, target }) => `${clause} to ${formatNumber(target)} ms`).join(" and ");
  return {
    kind: "larger_latency",
    title: `Promise a larger latency: ${targets}`,
    changes,
    standing: "shown",
    words: `Measured at ${formatNumber(step.offeredPerSecond)} requests/s, and ${formatNumber(100 * (HEADROOM - 1))} % of room.`,
    price: priceAt(at, at.ceiling ?? step.offeredPerSecond, step),
  };
}

function lowerCeiling(at: At): Alternative | null {
  const { document, curve, ceiling } = at;
  const clause = document.clauses.find(({ kind }) => kind === "throughput");
  const step = highestRate(loadClauses(document), curve);
  if (ceiling === null || !clause || !step || step.offeredPerSecond >= ceiling) return null;
  const target = step.offeredPerSecond;
  return {
    kind: "lower_ceiling",
    title: `Promise a lower ceiling: ${formatNumber(target)} requests/s`,
    changes: [{ clause: clause.id, target }],
    standing: "shown",
    words: "The highest measured rate that keeps every latency; callers beyond it get 429.",
    price: priceAt(at, target, step),
  };
}

/** Only where the processor is what runs out: a batch shares the cost of a run. */
function batching(at: At): Alternative | null {
  const { document, curve } = at;
  const busiest = Math.max(0, ...curve.steps.map(coresOf));
  if (document.failureMode?.batching?.maxDelayMs || busiest < SATURATED_CORES) return null;
  const tightest = Math.min(...latencyClauses(document).map(({ target }) => target));
  const delay = Number.isFinite(tightest) ? Math.max(1, Math.floor(tightest / 5)) : 2;
  return {
    kind: "batching",
    title: `Wait up to ${delay} ms for a batch`,
    changes: [],
    standing: "unmeasured",
    words: `The processor is the limit (${formatNumber(busiest)} cores busy). Set a batching delay in the failure mode and measure again.`,
    price: null,
  };
}

function coresOf({ cpuSecondsPer1000, achievedPerSecond }: LoadStep): number {
  return ((cpuSecondsPer1000 ?? 0) * achievedPerSecond) / 1000;
}

function replicas(at: At): Alternative | null {
  const { document, curve, ceiling } = at;
  const step = highestRate(loadClauses(document), curve);
  if (ceiling === null || !step) return null;
  const count = Math.ceil(ceiling / step.offeredPerSecond);
  if (count < 2) return null;
  const local = document.serving.target === "local";
  return {
    kind: "replicas",
    title: `${count} replicas`,
    changes: [],
    standing: local ? "impossible" : "unmeasured",
    words: local
      ? "The local target runs one process per endpoint: it cannot."
      : `One holds ${formatNumber(step.offeredPerSecond)} requests/s; ${count} of them were not measured together.`,
    price: local ? null : priceAt(at, ceiling, step),
  };
}

function otherTier({ document }: At): Alternative {
  const { target, tier } = document.serving;
  const local = target === "local";
  return {
    kind: "tier",
    title: tier === "gpu" ? "Another tier" : "The gpu tier",
    changes: [],
    standing: local ? "impossible" : "unmeasured",
    words: local
      ? "The local target has the cpu tier only: it cannot."
      : "A curve of that tier has to be measured first.",
    price: null,
  };
}

function latencyClauses({ clauses }: ContractDocument): readonly Clause[] {
  return clauses.filter(({ kind }) => kind === "latency");
}

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next number that people say: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 and their tenfolds. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(6));
}
