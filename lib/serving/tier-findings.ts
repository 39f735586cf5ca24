import type { ContractDocument } from "@/lib/contracts/document";
import { formatBytes, formatDuration, formatNumber } from "@/lib/format";
import type { Verification } from "@/lib/registry/schema";
import { ceilingOf, highestRate, loadClauses, marginsOf, verdictOf } from "@/lib/serving/feasibility";
import { shapesFor } from "@/lib/serving/gpu-shape";
import type { LoadCurve } from "@/lib/serving/load-curve";

/** What is known of a version that says something of the tier it needs. */
export type TierFacts = {
  /** The contract that it is to keep. */
  readonly document: ContractDocument;
  readonly modelBytes: number;
  /** Null: the version was not verified. */
  readonly model: Pick<Verification["model"], "opsets" | "operators" | "runtime"> | null;
  /** The newest first. */
  readonly curves: readonly { readonly id: string; readonly curve: LoadCurve }[];
};

export type TierName = ContractDocument["serving"]["tier"];

/** Whether a tier keeps the contract. `breaks`: evidence says that it does not, or cannot help. */
export type TierFinding = {
  readonly tier: TierName;
  readonly standing: "keeps" | "breaks" | "unproven";
  readonly reasons: readonly string[];
  /** The load curve that says so. */
  readonly evidenceId: string | null;
  /** Replicas that the promised ceiling needs by that curve; null: not known. */
  readonly replicas: number | null;
};

const GIBIBYTE = 2 ** 30;
/** What a device downloads without being asked. An assumption, said so in the reason. */
const EDGE_BYTES = 20_000_000;
/** A device's core against one that was measured on. An assumption, said so in the reason. */
const EDGE_SLOWER = 4;
/** Domains that the converters to TFLite and Core ML know; trees and scalers of ai.onnx.ml among them for Core ML. */
const COMMON_DOMAINS = new Set(["", "ai.onnx", "ai.onnx.ml"]);
/** Whole models of classic machine learning: ONNX Runtime has no GPU kernel for any operator of ai.onnx.ml. */
const CLASSIC = /^(?:TreeEnsemble|Linear(?:Classifier|Regressor)|SVM)/;

/** GPU memory in GB that a replica needs: weights, as much again to work with, and one GiB for the runtime. An estimate. */
export function gpuMemoryGb(modelBytes: number): number {
  return (2 * modelBytes + GIBIBYTE) / 1e9;
}

/** What the newest curve of a tier says of the contract. Attested curves were measured by nobody here: they prove nothing. */
export function curveOf({ curves }: TierFacts, tier: TierName) {
  const ofTier = curves.filter(({ curve }) => curve.tier === tier);
  return ofTier.find(({ curve }) => curve.kind === "measured") ?? ofTier[0] ?? null;
}

export function cpuFinding(facts: TierFacts): TierFinding {
  const found = curveOf(facts, "cpu");
  if (!found) return finding("cpu", "unproven", ["No load was measured on the processor."]);
  return byCurve("cpu", facts.document, found);
}

export function gpuFinding(facts: TierFacts): TierFinding {
  const found = curveOf(facts, "gpu");
  if (found) return byCurve("gpu", facts.document, found);
  const needed = gpuMemoryGb(facts.modelBytes);
  const size = `A replica needs about ${formatNumber(needed)} GB of GPU memory.`;
  if (shapesFor(needed).length === 0) return finding("gpu", "breaks", [`${size} No GPU that is known here holds it.`]);
  const classic = (facts.model?.operators ?? []).filter(
    ({ domain, type }) => domain === "ai.onnx.ml" && CLASSIC.test(type),
  );
  if (classic.length > 0) {
    const names = classic.map(({ type }) => type).join(", ");
    const reason = `${names} runs on the processor also where there is a GPU: ONNX Runtime has no GPU kernel for ai.onnx.ml.`;
    return finding("gpu", "breaks", [reason]);
  }
  return finding("gpu", "unproven", ["No load was measured on a GPU.", size, ...operatorWords(facts)]);
}

function operatorWords({ model }: TierFacts): string[] {
  if (!model) return [];
  if (!model.operators) return ["Its operators were not counted when it was verified: register it again to see them."];
  const opsets = model.opsets.map(({ domain, version }) => `${domain || "ai.onnx"} ${version}`).join(", ");
  return [`Operator sets ${opsets}; ${model.runtime} opened it here.`];
}

export function edgeFinding(facts: TierFacts): TierFinding {
  const found = curveOf(facts, "edge");
  if (found) return byCurve("edge", facts.document, found);
  const { modelBytes, model } = facts;
  if (modelBytes > EDGE_BYTES) {
    const reason = `${formatBytes(modelBytes)}: a device is taken to download at most ${formatBytes(EDGE_BYTES)}.`;
    return finding("edge", "breaks", [reason]);
  }
  const foreign = model?.operators?.find(({ domain }) => !COMMON_DOMAINS.has(domain));
  if (foreign) return finding("edge", "breaks", [`${foreign.type} of ${foreign.domain} is on no device.`]);
  const slow = slowOnDevice(facts);
  if (slow.breaks) return finding("edge", "breaks", [slow.words]);
  const words = slow.words === "" ? [] : [slow.words];
  return finding("edge", "unproven", [`${formatBytes(modelBytes)}, and no device has measured it.`, ...words]);
}

/** Processor time of one request, on a core that is taken to be four times slower, against the tightest latency. */
function slowOnDevice(facts: TierFacts): { readonly breaks: boolean; readonly words: string } {
  const seconds = curveOf(facts, "cpu")?.curve.steps[0]?.cpuSecondsPer1000 ?? null;
  const tightest = tightestLatency(facts.document);
  if (seconds === null || tightest === null) return { breaks: false, words: "" };
  const ms = seconds * EDGE_SLOWER;
  const words = `About ${formatDuration(ms)} of a device's processor for a request (${EDGE_SLOWER} times what it takes here); promised ≤ ${formatDuration(tightest)}.`;
  return { breaks: ms > tightest, words };
}

function tightestLatency({ clauses }: ContractDocument): number | null {
  const targets = clauses.filter(({ kind }) => kind === "latency").map(({ target }) => target);
  return targets.length === 0 ? null : Math.min(...targets);
}

type Found = { readonly id: string; readonly curve: LoadCurve };

function byCurve(tier: TierName, document: ContractDocument, { id, curve }: Found): TierFinding {
  const said = curveVerdict(tier, document, curve);
  if (curve.kind === "measured") return { ...said, evidenceId: id };
  const reasons = [`By a report of ${curve.tool} that was handed in: nobody here measured it.`, ...said.reasons];
  return { ...said, standing: said.standing === "breaks" ? "breaks" : "unproven", reasons, evidenceId: id };
}

function curveVerdict(tier: TierName, contract: ContractDocument, curve: LoadCurve): TierFinding {
  const clauses = loadClauses(contract);
  if (clauses.length === 0) {
    return finding(tier, "keeps", ["The contract promises neither a latency nor a rate."], 1);
  }
  // A curve of one process on one target says what one replica does on another.
  const document = { ...contract, serving: { ...contract.serving, target: curve.target, tier: curve.tier } };
  const margins = marginsOf(document, curve);
  const verdict = verdictOf(margins);
  const words = margins.filter((each) => each.verdict === verdict).map((each) => each.words);
  if (verdict === "feasible") return finding(tier, "keeps", words, 1);
  const best = highestRate(clauses, curve)?.offeredPerSecond;
  const ceiling = ceilingOf(contract);
  if (contract.serving.target === "kubernetes" && best && ceiling && keepsAt(best, document, curve)) {
    const replicas = Math.ceil(ceiling / best);
    const each = `One replica keeps every promise at ${formatNumber(best)} requests/s`;
    const reason = `${each}: ${replicas} of them for the promised ${formatNumber(ceiling)}, not measured together.`;
    return finding(tier, "keeps", [reason], replicas);
  }
  return finding(tier, verdict === "infeasible" ? "breaks" : "unproven", words);
}

/** Whether one replica is shown to keep the contract if no more than this rate reaches it. */
function keepsAt(perSecond: number, document: ContractDocument, curve: LoadCurve): boolean {
  const clauses = document.clauses.map((each) => (each.kind === "throughput" ? { ...each, target: perSecond } : each));
  return verdictOf(marginsOf({ ...document, clauses }, curve)) === "feasible";
}

function finding(
  tier: TierName,
  standing: TierFinding["standing"],
  reasons: readonly string[],
  replicas: number | null = null,
): TierFinding {
  return { tier, standing, reasons, evidenceId: null, replicas };
}
