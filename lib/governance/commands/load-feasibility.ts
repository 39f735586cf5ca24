import "server-only";
import type { ContractDocument } from "@/lib/contracts/document";
import type { Tx } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { Candidate, ContractFeasibility, VersionFeasibility } from "@/lib/governance/evidence-run";
import { feasibilityOf } from "@/lib/serving/alternatives";
import { loadClauses } from "@/lib/serving/feasibility";
import { loadCurve } from "@/lib/serving/load-curve";

export type FeasibilityAsked = {
  readonly useCaseId: string;
  readonly document: ContractDocument;
  /** A version that is meant to serve under the contract. */
  readonly candidate?: Candidate | undefined;
};

const VERSION = { select: { id: true, number: true, model: { select: { name: true } } } } as const;

/**
 * What measured curves say of a contract: those of the versions that serve on the endpoints of its use case, and of the named candidate.
 * Attested curves are not asked. `invalid` for a candidate that is not there.
 */
export async function loadFeasibility(
  tx: Tx,
  { useCaseId, document, candidate }: FeasibilityAsked,
): Promise<ContractFeasibility> {
  const subjects = new Map<string, { version: VersionRow; servesOn: string[] }>();
  const endpoints = await tx.endpoint.findMany({
    where: { useCaseId },
    select: { name: true, serving: { select: { modelVersion: VERSION } } },
    orderBy: { name: "asc" },
  });
  for (const { name, serving } of endpoints) {
    if (!serving) continue;
    const known = subjects.get(serving.modelVersion.id) ?? { version: serving.modelVersion, servesOn: [] };
    known.servesOn.push(name);
    subjects.set(serving.modelVersion.id, known);
  }
  if (candidate) {
    const version = await findCandidate(tx, candidate);
    if (!subjects.has(version.id)) subjects.set(version.id, { version, servesOn: [] });
  }
  const versions: VersionFeasibility[] = [];
  for (const { version, servesOn } of subjects.values()) versions.push(await judge(tx, document, version, servesOn));
  return { ...overall(document, versions), versions };
}

type VersionRow = { readonly id: string; readonly number: number; readonly model: { readonly name: string } };

async function findCandidate(tx: Tx, { model, version: number }: Candidate): Promise<VersionRow> {
  const found = await tx.modelVersion.findFirst({ where: { number, model: { name: model } }, ...VERSION });
  if (found) return found;
  const message = `There is no version ${number} of a model ${model}.`;
  throw new AppError("invalid", message, { candidate: ["no such version"] });
}

async function judge(tx: Tx, document: ContractDocument, version: VersionRow, servesOn: string[]) {
  const row = await tx.evidence.findFirst({
    where: { subjectType: "model_version", subjectId: version.id, kind: "load_curve" },
    orderBy: [{ recordedAt: "desc" }, { id: "desc" }],
  });
  const curve = row ? loadCurve.parse(row.payload) : null;
  return {
    model: version.model.name,
    version: version.number,
    servesOn,
    evidenceId: row?.id ?? null,
    curve,
    feasibility: curve && feasibilityOf(document, curve, env().PRICE_CPU_CORE_HOUR ?? null),
  };
}

/** Infeasible as soon as one of them shows it. */
function overall(document: ContractDocument, versions: readonly VersionFeasibility[]) {
  if (loadClauses(document).length === 0) {
    return { verdict: "feasible" as const, words: "The contract promises neither a latency nor a rate." };
  }
  const judged = versions.filter((each) => each.feasibility !== null);
  if (judged.length === 0) return { verdict: "unknown" as const, words: "No version has a measured load curve yet." };
  const verdict = (["infeasible", "unknown", "feasible"] as const).find((wanted) =>
    judged.some(({ feasibility }) => feasibility?.verdict === wanted),
  );
  const said = judged.filter(({ feasibility }) => feasibility?.verdict === verdict);
  const words = said.map(({ model, version, feasibility }) => `${model} v${version}: ${feasibility?.words}`).join(" ");
  return { verdict: verdict ?? ("unknown" as const), words };
}
