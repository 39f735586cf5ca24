import { createHash } from "node:crypto";
import { artifactStore } from "@/lib/artifacts/store";
import type { Principal, Role } from "@/lib/auth/schema";
import { createUseCase } from "@/lib/contracts/commands/create-use-case";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { db, inTransaction } from "@/lib/db";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { digestOf } from "@/lib/digest";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import type { DrillReport } from "@/lib/governance/drill-report";
import { drilledPart } from "@/lib/governance/drilled-part";
import { concludeVerification } from "@/lib/registry/commands/conclude-verification";
import { recordEvidence } from "@/lib/registry/commands/record-evidence";
import { registerVersion } from "@/lib/registry/commands/register-version";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { testCurve } from "@/lib/serving/test-curve";

/** People, contracts, versions and endpoints for tests, made by the operations that make them in real life. */

/** An account with these roles; its e-mail starts with `name`. */
export async function account(
  name: string,
  roles: readonly Role[],
  kind: "person" | "service" = "person",
): Promise<Principal> {
  const email = `${name}@example.com`;
  const { id } = await inTransaction((tx) =>
    tx.user.create({ data: { email, name, kind, roles: { create: roles.map((role) => ({ role })) } } }),
  );
  return { id, email, name, kind, roles, development: false };
}

export async function people() {
  return {
    scientist: await account("scientist", ["scientist"]),
    owner: await account("owner", ["owner"]),
    sre: await account("sre", ["sre"]),
    validator: await account("validator", ["validator"]),
    governance: await account("governance", ["governance"]),
    ci: await account("ci", ["ci"], "service"),
  };
}
export type People = Awaited<ReturnType<typeof people>>;

export async function makeUseCase(who: People, slug: string): Promise<void> {
  const words = { name: slug, purpose: "Rebook connections in time", team: "operations", costCentre: "CC-1" };
  await createUseCase.call(who.owner, { slug, owner: who.owner.email, ...words });
}

/** The next contract version of a use case, signed by three. Features of the model: hour, distance. */
export async function signedContract(
  who: People,
  slug: string,
  change: (document: ContractDocument) => ContractDocument = (document) => document,
): Promise<number> {
  const document = change(exampleDocument());
  const { number: n } = await draftContract.call(who.scientist, { slug, from: "document", document });
  const { digest } = await submitContract.call(who.scientist, { slug, n });
  for (const signer of [who.owner, who.sre, who.governance]) {
    await signContract.call(signer, { slug, n, digest: digest ?? "" });
  }
  return n;
}

type Version = {
  readonly model: string;
  readonly auc?: number;
  /** Bytes of the ONNX file. */
  readonly bytes?: Buffer;
  /** Bytes of the reference sample (Parquet); only measurements read it. */
  readonly sample?: Buffer;
  /** Leaves it pending: its evidence is missing. */
  readonly pending?: boolean;
  /** Without a load curve: the portal has to measure it. */
  readonly unmeasured?: boolean;
  readonly features?: readonly string[];
};

/** A registered version, verified and with a fast load curve unless told otherwise; its number. Needs ARTIFACTS_DIR. */
export async function version(
  who: People,
  { model, auc = 0.75, pending = false, unmeasured = false, ...rest }: Version,
): Promise<number> {
  const bytes = rest.bytes ?? Buffer.from(`model ${model} ${auc}`);
  const features = [...(rest.features ?? ["hour", "distance"])];
  const made = await registerVersion.call(who.ci, {
    name: model,
    files: [
      { path: "model.onnx", role: "model", ...(await stored(bytes)) },
      { path: "reference.parquet", role: "reference_sample", ...(await stored(rest.sample ?? Buffer.from("sample"))) },
    ],
    schema: {
      inputs: [{ name: "features", datatype: "FP32", shape: [-1, features.length], features }],
      outputs: [
        { name: "label", datatype: "INT64", shape: [-1] },
        { name: "probabilities", datatype: "FP32", shape: [-1, 2] },
      ],
    },
    evaluation: {
      metrics: [{ metric: "auc", value: auc, low: auc - 0.005, high: auc + 0.005, n: 20_000 }],
      dataset: "held out",
      window: { from: "2001-03-01T00:00:00Z", to: "2001-03-16T00:00:00Z" },
    },
    dataset: { kind: "file", uri: "flights", version: "1", digest: "abc" },
    codeRevision: `${auc}`,
  });
  if (!pending) await verified(model, made.number);
  if (!pending && !unmeasured) await measured(model, made.number);
  return made.number;
}

async function findVersion(model: string, number: number) {
  const row = await db().modelVersion.findFirst({ where: { number, model: { name: model } } });
  if (!row) throw new Error(`there is no ${model} v${number}`);
  return row;
}

/** What a load test would find; the test's own curve keeps the example's promises easily. The id of the evidence. */
export async function measured(model: string, number: number, curve: LoadCurve = testCurve()): Promise<string> {
  const { id: modelVersionId, digest: versionDigest } = await findVersion(model, number);
  const evidence = { kind: "load_curve" as const, modelVersionId, recordedBy: "evidence run" };
  const { id } = await inTransaction((tx) => recordEvidence(tx, { ...evidence, payload: { ...curve, versionDigest } }));
  return id;
}

/** What a drill under this contract would find. The id of the evidence. */
export async function drilled(
  model: string,
  number: number,
  document: ContractDocument,
  passed = true,
): Promise<string> {
  const { id: modelVersionId, digest: versionDigest } = await findVersion(model, number);
  const payload: DrillReport = {
    versionDigest,
    contractDigest: null,
    failureModeDigest: digestOf(drilledPart(document)),
    hardware: { cpu: "test", cores: 2, memoryBytes: 4 * 2 ** 30, os: "Linux" },
    faults: [
      {
        fault: "wrong",
        declared: "an error",
        seen: passed ? "errors" : "answers that are no numbers",
        passed,
        times: { injectedAt: 0, firstStandInMs: null, recoveredMs: 5 },
        counts: { sent: 10, model: 5, fallback: 0, secondary: 0, refused: 0, failed: 5 },
      },
    ],
    passed,
    startedAt: "2026-11-01T00:00:00.000Z",
    endedAt: "2026-11-01T00:00:20.000Z",
  };
  const evidence = { kind: "drill" as const, modelVersionId, recordedBy: "evidence run" };
  const { id } = await inTransaction((tx) => recordEvidence(tx, { ...evidence, payload }));
  return id;
}

/** What the verification would find. */
export async function verified(model: string, number: number): Promise<void> {
  const row = await findVersion(model, number);
  const tensors = { inputs: [], outputs: [] };
  const verification = {
    model: {
      irVersion: 8,
      producer: "test",
      opsets: [],
      ...tensors,
      probabilities: ["probabilities"],
      runtime: "test",
    },
    sample: {
      rows: 1,
      columns: [],
      eventTime: { from: "2001-03-01T00:00:00.000Z", to: "2001-03-02T00:00:00.000Z" },
    },
  };
  await inTransaction((tx) => concludeVerification(tx, row.id, { ok: true, verification }));
}

async function stored(bytes: Buffer) {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await artifactStore().put({ sha256, size: bytes.length, body: new Blob([new Uint8Array(bytes)]).stream() });
  return { sha256, size: bytes.length };
}

/** An endpoint in production, named like its use case. */
export async function endpoint(who: People, slug: string): Promise<void> {
  const where = { environment: "production", tier: "cpu", target: "local", clock: "wall" } as const;
  await createEndpoint.call(who.sre, { name: slug, useCase: slug, ...where });
}
