import "server-only";
import { type ContractDocument, contractDocument, type RolloutPlan } from "@/lib/contracts/document";
import type { Tx } from "@/lib/db";
import { findClusterCapabilities } from "@/lib/deployments/commands/find-cluster-capabilities";
import { digestOf } from "@/lib/digest";
import { AppError } from "@/lib/errors";
import { planOnCluster } from "@/lib/governance/commands/plan-on-cluster";
import { drilledPart } from "@/lib/governance/drilled-part";
import { curveKind, needsCurve, needsDrill, type RunFact } from "@/lib/governance/evidence-gate";
import { RUN_KINDS } from "@/lib/governance/evidence-run";
import { type EvidenceRow, evaluateGate, type GateFacts } from "@/lib/governance/gate";
import type { GateItem } from "@/lib/governance/gate-item";
import { type PromotionInputs, promotionInputsOf } from "@/lib/governance/promotion-inputs";
import { toVersion } from "@/lib/registry/version-row";
import { capabilitiesFor } from "@/lib/serving/capabilities";
import { compile } from "@/lib/serving/compile";
import { type ServingSpec, servingSpec } from "@/lib/serving/schema";

/** Whose tokens are believed changes nothing of what a cluster lacks. */
const NO_TOKENS = { issuer: "-", jwks: { inline: '{"keys":[]}' } } as const;

type Subject = { readonly endpointId: string; readonly modelVersionId: string };

export type PromotionFacts = {
  readonly gate: readonly GateItem[];
  readonly inputs: PromotionInputs;
  readonly inputsDigest: string;
  readonly contractId: string;
  readonly contract: number;
  readonly versionDigest: string;
  readonly spec: ServingSpec;
  readonly specDigest: string;
  /** How it is to take over from what serves; null: at once. */
  readonly rollout: RolloutPlan | null;
  readonly incumbent: Incumbent | null;
};

type Incumbent = {
  readonly revision: string;
  readonly model: string;
  readonly version: number;
  readonly versionDigest: string;
  readonly contract: number;
  readonly spec: ServingSpec;
};

/**
 * Everything that a promotion of this version to this endpoint rests on, as it stands now: inputs with their digest, the gate, and
 * the compiled specification. The contract is the newest signed one of the endpoint's use case.
 * `precondition` when there is none. Whoever writes afterwards locks the endpoint first.
 */
export async function loadPromotionFacts(tx: Tx, subject: Subject): Promise<PromotionFacts> {
  const endpoint = await tx.endpoint.findUniqueOrThrow({
    where: { id: subject.endpointId },
    include: {
      useCase: { select: { slug: true } },
      cluster: { select: { id: true, name: true } },
      serving: { include: { contract: true, modelVersion: { include: { model: { select: { name: true } } } } } },
    },
  });
  const row = await tx.modelVersion.findUniqueOrThrow({
    where: { id: subject.modelVersionId },
    include: { model: { select: { name: true } } },
  });
  const contract = await newestSignedContract(tx, endpoint.useCaseId, endpoint.useCase.slug);
  const document = contractDocument.parse(contract.document);
  const evidence = await newestEvidence(tx, row.id, document);
  const version = toVersion(row.model.name, row);
  const modelFile = version.files.find(({ role }) => role === "model");
  const { name, environment, tier, target, clock, serving, cluster } = endpoint;
  const identity = {
    model: version.model,
    version: version.number,
    modelDigest: modelFile?.sha256 ?? "",
    schema: version.schema,
    endpoint: name,
  };
  const offered = cluster ? await findClusterCapabilities(tx, cluster.id) : [];
  const spec = compile(document, identity, capabilitiesFor(document.serving.target, offered));
  const specDigest = digestOf(spec);
  const served = serving && toVersion(serving.modelVersion.model.name, serving.modelVersion);
  const revision = { contractDigest: contract.digest ?? "", spec, specDigest, own: NO_TOKENS };
  const isForCluster = offered.length > 0 && document.serving.target === target;
  const onCluster = isForCluster ? await planOnCluster(tx, { ...subject, ...revision }) : null;
  const facts: GateFacts = {
    contract: { ...contract, document, inForce: serving?.contractId === contract.id },
    version,
    evidence,
    endpoint,
    incumbent: served,
    spec,
    clusterCannot: onCluster?.after.cannot ?? [],
    runs: await newestRuns(tx, row.id, contract.id),
    failureModeDigest: digestOf(drilledPart(document)),
  };
  const inputs = promotionInputsOf({
    contract: { id: contract.id, number: contract.number, digest: contract.digest, state: contract.state },
    version: { model: version.model, number: version.number, digest: version.digest, state: version.state },
    evidence: evidence.map(({ kind, id, digest }) => ({ kind, id, digest })),
    endpoint: { name, environment, tier, target, clock, ...(cluster && { cluster: cluster.name }) },
    incumbent: serving && { revision: serving.name, specDigest: serving.specDigest },
    specDigest,
  });
  return {
    gate: evaluateGate(facts),
    inputs,
    inputsDigest: digestOf(inputs),
    contractId: contract.id,
    contract: contract.number,
    versionDigest: version.digest,
    spec,
    specDigest,
    rollout: document.rollout ?? null,
    incumbent:
      serving && served
        ? {
            revision: serving.name,
            model: served.model,
            version: served.number,
            versionDigest: served.digest,
            contract: serving.contract.number,
            spec: servingSpec.parse(serving.spec),
          }
        : null,
  };
}

async function newestSignedContract(tx: Tx, useCaseId: string, slug: string) {
  const contract = await tx.contract.findFirst({
    where: { useCaseId, state: "signed" },
    orderBy: { number: "desc" },
    select: { id: true, number: true, digest: true, state: true, document: true },
  });
  if (contract) return contract;
  throw new AppError(
    "precondition",
    `The use case ${slug} has no signed contract: nothing serves without one. Submit a contract and have it signed first.`,
  );
}

/** The newest row of each kind that the gate reads: what it does not read makes no approval stale. */
async function newestEvidence(
  tx: Tx,
  modelVersionId: string,
  document: ContractDocument,
): Promise<readonly EvidenceRow[]> {
  const kinds = ["verification", "evaluation", "reference_sample"];
  if (needsCurve(document)) kinds.push(curveKind(document));
  if (needsDrill(document)) kinds.push("drill");
  const rows = await tx.evidence.findMany({
    where: { subjectType: "model_version", subjectId: modelVersionId, kind: { in: kinds } },
    orderBy: [{ recordedAt: "desc" }, { id: "desc" }],
    distinct: ["kind"],
  });
  return rows.map(({ id, kind, digest, payload }) => ({ id, kind, digest, payload }));
}

async function newestRuns(tx: Tx, modelVersionId: string, contractId: string): Promise<readonly RunFact[]> {
  const found: RunFact[] = [];
  for (const kind of RUN_KINDS) {
    const run = await tx.evidenceRun.findFirst({
      where: { modelVersionId, contractId, kind },
      orderBy: { createdAt: "desc" },
      select: { state: true, reason: true },
    });
    if (run) found.push({ kind, ...run });
  }
  return found;
}
