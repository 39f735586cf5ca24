import { artifactStore } from "@/lib/artifacts/store";
import { contractDocument } from "@/lib/contracts/document";
import { db, inTransaction } from "@/lib/db";
import type { RevisionConfig } from "@/lib/inference/desired-state";
import { baselineConfigOf } from "@/lib/monitoring/baseline-config";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import { toVersion } from "@/lib/registry/version-row";
import { LOCAL_CAPABILITIES } from "@/lib/serving/capabilities";
import { compile } from "@/lib/serving/compile";
import { toRevisionConfig } from "@/lib/serving/local-target";
import { servingSpec } from "@/lib/serving/schema";
import { CANARY } from "./canary";

type Run = {
  readonly contract: {
    readonly useCaseId: string;
    readonly number: number;
    readonly digest: string | null;
    readonly document: unknown;
  };
  readonly modelVersion: Parameters<typeof toVersion>[1] & {
    readonly id: string;
    readonly model: { readonly name: string };
  };
};

/** What a run needs to know of its version and contract. @throws Error when the version cannot be run */
export async function orderOf({ contract, modelVersion }: Run) {
  const version = toVersion(modelVersion.model.name, modelVersion);
  if (version.state !== "ready") throw new Error(`The version could not be verified: ${version.stateReason}`);
  const document = contractDocument.parse(contract.document);
  const located = async (role: "model" | "reference_sample") => {
    const file = version.files.find((each) => each.role === role);
    const found = file && (await artifactStore().find(file.sha256));
    if (!file || !found) throw new Error(`The artifact ${file?.sha256 ?? ""} (${role}) is not in the store any more.`);
    return { ...found, sha256: file.sha256 };
  };
  const [model, sample] = [await located("model"), await located("reference_sample")];
  const identity = { model: version.model, version: version.number, modelDigest: model.sha256, schema: version.schema };
  // Rows are binned as they will be when it serves: that is part of what a request costs. No endpoint has accepted another reference for it.
  const [reference = null] = await inTransaction((tx) =>
    findReferences(tx, [{ endpointId: "", modelVersionId: modelVersion.id }]),
  );
  const spec = compile(document, { ...identity, endpoint: CANARY }, LOCAL_CAPABILITIES);
  const revision = toRevisionConfig(spec, {
    revision: `${CANARY}-r2`,
    modelVersion: `${version.number}`,
    contractDigest: contract.digest ?? "0".repeat(64),
    modelDigest: model.sha256,
    schema: version.schema,
    baseline: reference && baselineConfigOf(reference),
  });
  return { version, document, revision, samplePath: sample.path, modelBytes: model.size };
}

/** The revision that serves for the use case now and would be the previous one; null: none, or the same version. */
export async function previousOf({ contract, modelVersion }: Run): Promise<RevisionConfig | null> {
  const endpoint = await db().endpoint.findFirst({
    where: { useCaseId: contract.useCaseId, target: "local", serving: { modelVersionId: { not: modelVersion.id } } },
    include: { serving: { include: { contract: true, modelVersion: { include: { model: true } } } } },
    orderBy: { name: "asc" },
  });
  const serving = endpoint?.serving;
  if (!serving) return null;
  const version = toVersion(serving.modelVersion.model.name, serving.modelVersion);
  const file = version.files.find(({ role }) => role === "model");
  if (!file || serving.contract.digest === null) return null;
  return toRevisionConfig(servingSpec.parse(serving.spec), {
    revision: `${CANARY}-r1`,
    modelVersion: `${version.number}`,
    contractDigest: serving.contract.digest,
    modelDigest: file.sha256,
    schema: version.schema,
  });
}

/**
 * The revision as it is measured under load: what the model itself can do. No ceiling and no limit per client, which would hide the
 * knee, and no stand-in for errors and overload and no breaker, which would answer in its place. Deadline, queue and batching are the
 * contract's, and so is what happens at the deadline: it decides whether the model runs in a thread. Such answers count as lost.
 */
export function forLoad(revision: RevisionConfig): RevisionConfig {
  const { failure } = revision;
  const errors = { onError: "error", onOverload: "error" } as const;
  return {
    ...revision,
    ceiling: null,
    stale: null,
    ...(failure && { failure: { ...failure, ...errors, breaker: null, perClient: null } }),
  };
}

/** The revision as it is drilled: everything that the contract declares, but for the limits that would refuse the flood of one client. */
export function forDrill(revision: RevisionConfig): RevisionConfig {
  const { failure } = revision;
  return { ...revision, ceiling: null, stale: null, ...(failure && { failure: { ...failure, perClient: null } }) };
}
