import { clauseName } from "@/lib/contracts/clause-words";
import type { Clause, ContractDocument } from "@/lib/contracts/document";
import { type Evaluation, evaluation, type ModelSchema } from "@/lib/registry/model-schema";
import type { Cannot, ServingSpec } from "@/lib/serving/schema";
import { curveKind, judgeCurve, judgeDrill, needsCurve, needsDrill, type RunFact } from "./evidence-gate";
import type { GateItem, GateStatus } from "./gate-item";
import { interfaceProblems } from "./interface-fit";
import { isEvaluated, meetsClause, notWorse, promiseOf } from "./quality-gate";

export type EvidenceRow = {
  readonly id: string;
  readonly kind: string;
  readonly digest: string;
  readonly payload: unknown;
};

/** All that the gate looks at; rows of the database, read in one transaction. */
export type GateFacts = {
  readonly contract: {
    readonly number: number;
    readonly digest: string | null;
    readonly state: string;
    readonly document: ContractDocument;
    /** Whether the serving revision is under it already. */
    readonly inForce: boolean;
  };
  readonly version: {
    readonly model: string;
    readonly number: number;
    readonly state: string;
    readonly stateReason: string | null;
    readonly digest: string;
    readonly schema: ModelSchema;
  };
  /** The newest row of each kind. */
  readonly evidence: readonly EvidenceRow[];
  readonly endpoint: { readonly name: string; readonly target: string; readonly tier: string };
  readonly incumbent: {
    readonly model: string;
    readonly number: number;
    readonly digest: string;
    readonly evaluation: Evaluation | null;
  } | null;
  readonly spec: ServingSpec;
  /** What the endpoint's cluster lacks; empty for the local runtime. */
  readonly clusterCannot: readonly Cannot[];
  /** The newest load test and drill of the version under the contract. */
  readonly runs: readonly RunFact[];
  /** What a drill has to be of (digest of drilled-part.ts). */
  readonly failureModeDigest: string;
};

/** Contract against evidence. Pure: the same facts give the same items, in the same order. */
export function evaluateGate(facts: GateFacts): readonly GateItem[] {
  const quality = facts.contract.document.clauses.filter(isEvaluated);
  return [
    contractGate(facts),
    digestGate(facts),
    interfaceGate(facts),
    ...quality.map((clause) => qualityGate(facts, clause)),
    ...(facts.incumbent ? quality.map((clause) => incumbentGate(facts, clause)) : []),
    sampleGate(facts),
    targetGate(facts),
    ...(needsCurve(facts.contract.document) ? [curveGate(facts)] : []),
    ...(needsDrill(facts.contract.document) ? [drillGate(facts)] : []),
  ];
}

type Rest = { readonly evidence?: readonly string[]; readonly clause?: string };

function item(gate: GateItem["gate"], title: string, status: GateStatus, reasons: readonly string[], rest: Rest = {}) {
  const { evidence = [], clause } = rest;
  return { gate, title, status, reasons: [...reasons], evidence: [...evidence], ...(clause && { clause }) };
}

const evidenceOf = (facts: GateFacts, kind: string) => facts.evidence.find((row) => row.kind === kind);

const versionName = ({ version }: GateFacts) => `${version.model} v${version.number}`;

function contractGate({ contract }: GateFacts): GateItem {
  const title = `Contract v${contract.number} signed by three`;
  if (contract.state !== "signed" || contract.digest === null) {
    return item("contract", title, "fail", [`It is ${contract.state}.`]);
  }
  const when = contract.inForce ? "In force." : "Signed, comes into force with this promotion.";
  return item("contract", title, "pass", [when]);
}

function digestGate(facts: GateFacts): GateItem {
  const { version } = facts;
  const title = `Digest of ${versionName(facts)} verified`;
  const row = evidenceOf(facts, "verification");
  if (version.state === "failed") {
    return item("digest", title, "fail", [version.stateReason ?? "The verification failed."], { evidence: idsOf(row) });
  }
  if (version.state !== "ready" || !row) {
    return item("digest", title, "missing", ["The version has not been opened and verified yet."]);
  }
  if (verifiedDigest(row) !== version.digest) {
    return item("digest", title, "fail", ["The verification is of another digest."], { evidence: [row.id] });
  }
  return item("digest", title, "pass", ["Every file has the registered digest, and the model loads."], {
    evidence: [row.id],
  });
}

function verifiedDigest({ payload }: EvidenceRow): unknown {
  return typeof payload === "object" && payload !== null && "versionDigest" in payload ? payload.versionDigest : null;
}

function interfaceGate({ contract, version }: GateFacts): GateItem {
  const problems = interfaceProblems(contract.document.interface, version.schema);
  const count = contract.document.interface.features.length;
  const fits = `${count} features in the same order, output ${contract.document.interface.output.name}.`;
  return problems.length > 0
    ? item("interface", "Inputs and outputs fit the contract", "fail", problems)
    : item("interface", "Inputs and outputs fit the contract", "pass", [fits]);
}

/** The evaluation of the candidate as evidence, or what to say instead. */
function evaluationOf(facts: GateFacts): { readonly row: EvidenceRow; readonly report: Evaluation } | string {
  const row = evidenceOf(facts, "evaluation");
  if (!row) return "There is no evaluation on record yet.";
  const parsed = evaluation.safeParse(row.payload);
  return parsed.success ? { row, report: parsed.data } : "The evaluation on record cannot be read.";
}

function qualityGate(facts: GateFacts, clause: Clause): GateItem {
  const found = evaluationOf(facts);
  if (typeof found === "string") return item("quality", promiseOf(clause), "missing", [found], { clause: clause.id });
  const { status, reasons } = meetsClause(clause, found.report);
  return item("quality", promiseOf(clause), status, reasons, { evidence: [found.row.id], clause: clause.id });
}

function incumbentGate(facts: GateFacts, clause: Clause): GateItem {
  const { incumbent, version } = facts;
  const title = `${clauseName(clause)} not worse than v${incumbent?.number}`;
  const found = evaluationOf(facts);
  if (typeof found === "string") return item("not_worse", title, "missing", [found], { clause: clause.id });
  const rest = { evidence: [found.row.id], clause: clause.id };
  if (incumbent?.digest === version.digest) return item("not_worse", title, "pass", ["It is the same version."], rest);
  if (!incumbent?.evaluation) {
    return item("not_worse", title, "pass", ["The incumbent has no evaluation to compare with."], rest);
  }
  const { status, reasons } = notWorse(clause, found.report, incumbent.evaluation);
  return item("not_worse", title, status, [...reasons, ...otherRows(found.report, incumbent.evaluation)], rest);
}

/** Two evaluations compare well on the same rows only; say so where they are not. */
function otherRows(a: Evaluation, b: Evaluation): string[] {
  const same = a.dataset === b.dataset && a.window.from === b.window.from && a.window.to === b.window.to;
  return same ? [] : ["The two were evaluated on different rows."];
}

function sampleGate(facts: GateFacts): GateItem {
  const title = "Reference sample present";
  const row = evidenceOf(facts, "reference_sample");
  return row
    ? item("reference_sample", title, "pass", ["Drift can be measured against it."], { evidence: [row.id] })
    : item("reference_sample", title, "missing", ["No reference sample is on record yet."]);
}

function targetGate({ contract, endpoint, spec, clusterCannot, incumbent }: GateFacts): GateItem {
  const { target, tier } = contract.document.serving;
  const problems = [...spec.cannot, ...clusterCannot].map(({ clause, reason, fix }) =>
    `${clause}: ${reason} ${fix}`.trim(),
  );
  if (target !== endpoint.target) {
    problems.push(`The contract is for the target ${target}; ${endpoint.name} is on ${endpoint.target}.`);
  }
  if (tier !== endpoint.tier) {
    problems.push(`The contract is for the tier ${tier}; ${endpoint.name} is on ${endpoint.tier}.`);
  }
  if (contract.document.rollout && incumbent && endpoint.target !== "local") {
    problems.push(
      "rollout: a candidate cannot be asked its golden set on a cluster yet. Leave the rollout out of the contract.",
    );
  }
  const title = `The target ${endpoint.target} can hold every clause`;
  return problems.length > 0
    ? item("serving_target", title, "fail", problems)
    : item("serving_target", title, "pass", [`${spec.leaves.length} settings compiled, none left out.`]);
}

function measuredGate(facts: GateFacts, kind: RunFact["kind"]) {
  const { contract, version, runs } = facts;
  const row = evidenceOf(facts, kind === "load" ? curveKind(contract.document) : "drill");
  const run = runs.find((each) => each.kind === kind);
  return { asked: { document: contract.document, versionDigest: version.digest, row, run }, evidence: idsOf(row) };
}

function curveGate(facts: GateFacts): GateItem {
  const { asked, evidence } = measuredGate(facts, "load");
  const { status, reasons } = judgeCurve(asked);
  const how = curveKind(asked.document) === "load_curve" ? "A measured" : "An attested";
  return item("load_curve", `${how} load curve keeps every latency`, status, reasons, { evidence });
}

function drillGate(facts: GateFacts): GateItem {
  const { asked, evidence } = measuredGate(facts, "drill");
  const { status, reasons } = judgeDrill({ ...asked, digest: facts.failureModeDigest });
  const clause = facts.contract.document.clauses.find(({ kind }) => kind === "failure_mode")?.id;
  const rest = { evidence, ...(clause && { clause }) };
  return item("drill", "A drill has shown the declared failure mode", status, reasons, rest);
}

function idsOf(row: EvidenceRow | undefined): readonly string[] {
  return row ? [row.id] : [];
}
