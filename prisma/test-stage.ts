import { createHash } from "node:crypto";
import { artifactStore } from "@/lib/artifacts/store";
import type { Principal, Role } from "@/lib/auth/schema";
import { createUseCase } from "@/lib/contracts/commands/create-use-case";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { db, inTransaction } from "@/lib/db";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { concludeVerification } from "@/lib/registry/commands/conclude-verification";
import { registerVersion } from "@/lib/registry/commands/register-version";

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
  /** Leaves it pending: its evidence is missing. */
  readonly pending?: boolean;
  readonly features?: readonly string[];
};

/** A registered version, verified unless told otherwise; its number. Needs ARTIFACTS_DIR. */
export async function version(who: People, { model, auc = 0.75, pending = false, ...rest }: Version): Promise<number> {
  const bytes = rest.bytes ?? Buffer.from(`model ${model} ${auc}`);
  const features = [...(rest.features ?? ["hour", "distance"])];
  const made = await registerVersion.call(who.ci, {
    name: model,
    files: [
      { path: "model.onnx", role: "model", ...(await stored(bytes)) },
      { path: "reference.parquet", role: "reference_sample", ...(await stored(Buffer.from("sample"))) },
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
  return made.number;
}

/** What the verification would find. */
export async function verified(model: string, number: number): Promise<void> {
  const row = await db().modelVersion.findFirst({ where: { number, model: { name: model } } });
  if (!row) throw new Error(`there is no ${model} v${number}`);
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
