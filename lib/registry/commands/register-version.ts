import "server-only";
import { artifactStore } from "@/lib/artifacts/store";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Principal } from "@/lib/auth/schema";
import { inTransaction, type Tx } from "@/lib/db";
import { digestOf } from "@/lib/digest";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { modelSchema, type VersionFile } from "@/lib/registry/model-schema";
import { PUSH_REFUSAL } from "@/lib/registry/push-refusal";
import { type Manifest, registeredVersion, registerVersionInput } from "@/lib/registry/schema";
import { toVersion } from "@/lib/registry/version-row";

/**
 * Registers a version whose files are in the artifact store. Its identity is the digest of the canonical manifest: the same
 * content twice is one version. The model comes to be with its first version. Starts `pending`; the worker verifies it.
 * @throws AppError `invalid` when a file is not there or has another length, or the version it is a variant of does not fit, `forbidden` for people
 */
export const registerVersion = operation({
  name: "model_version.register",
  permission: "registry:push",
  refusal: PUSH_REFUSAL,
  input: registerVersionInput,
  output: registeredVersion,
  run: async ({ principal, input: { name, ...manifest } }) => {
    if (principal.kind !== "service") {
      throw new AppError("forbidden", PUSH_REFUSAL, undefined, { subject: name });
    }
    const canonical = { ...manifest, files: manifest.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
    await assertStored(canonical.files);
    return inTransaction((tx) => insertVersion(tx, principal, name, canonical));
  },
});

async function assertStored(files: readonly VersionFile[]): Promise<void> {
  const store = artifactStore();
  const problems = await Promise.all(
    files.map(async (file) => {
      const found = await store.find(file.sha256);
      if (!found) return `${file.path} is not uploaded: PUT /api/v1/artifacts/${file.sha256} first`;
      return found.size === file.size ? null : `${file.path} has ${found.size} bytes, not ${file.size}`;
    }),
  );
  const fields = problems.flatMap((problem, index) => (problem ? [[`files.${index}`, [problem]] as const] : []));
  const [first] = fields;
  if (first) throw new AppError("invalid", first[1].join(), Object.fromEntries(fields));
}

type Locked = { readonly id: string; readonly lastNumber: number };

async function insertVersion(tx: Tx, principal: Principal, name: string, manifest: Manifest) {
  const made = await tx.registeredModel.createMany({
    data: { name, createdBy: principal.email },
    skipDuplicates: true,
  });
  // Numbers without a gap, and the same content once: one registration per model at a time.
  const [model] = await tx.$queryRaw<Locked[]>`
    SELECT id, last_number AS "lastNumber" FROM registered_model WHERE name = ${name} FOR UPDATE`;
  if (!model) throw new Error(`model ${name} vanished`);
  if (made.count > 0) {
    await recordAudit(tx, {
      actor: principal,
      action: "model.create",
      outcome: "done",
      subjectType: "model",
      subject: name,
    });
  }
  const digest = digestOf(manifest);
  const same = await tx.modelVersion.findUnique({ where: { modelId_digest: { modelId: model.id, digest } } });
  if (same) return { ...toVersion(name, same), created: false };
  const { variantOf, precision, ...columns } = manifest;
  const parent = variantOf === undefined ? null : await findParent(tx, model.id, name, variantOf, manifest);
  const number = model.lastNumber + 1;
  await tx.registeredModel.update({ where: { id: model.id }, data: { lastNumber: number } });
  const row = await tx.modelVersion.create({
    data: {
      ...columns,
      modelId: model.id,
      number,
      digest,
      parentId: parent?.id ?? null,
      precision: precision ?? null,
      registeredBy: principal.email,
      registeredById: principal.id,
    },
  });
  await recordAudit(tx, {
    actor: principal,
    action: "model_version.register",
    outcome: "done",
    subjectType: "model_version",
    subject: `${name} v${row.number}`,
    after: {
      digest,
      files: manifest.files,
      codeRevision: manifest.codeRevision,
      dataset: manifest.dataset,
      ...(precision && { precision }),
      ...(variantOf !== undefined && { variantOf }),
    },
  });
  return { ...toVersion(name, row), created: true };
}

/** The version that another precision is of: verified or about to be, and with the same feature columns. */
async function findParent(tx: Tx, modelId: string, name: string, number: number, { schema }: Manifest) {
  const refuse = (message: string) => new AppError("invalid", message, { variantOf: [message] });
  const parent = await tx.modelVersion.findUnique({
    where: { modelId_number: { modelId, number } },
    select: { id: true, state: true, schema: true },
  });
  if (!parent) throw refuse(`${name} has no version ${number} to be a variant of.`);
  if (parent.state === "failed")
    throw refuse(`${name} v${number} failed its verification: nothing is a variant of it.`);
  if (columnsOf(modelSchema.parse(parent.schema)) !== columnsOf(schema)) {
    throw refuse(`A variant has the inputs of what it is a variant of: those of ${name} v${number} are others.`);
  }
  return parent;
}

const columnsOf = ({ inputs }: Manifest["schema"]) =>
  JSON.stringify(inputs.map(({ name, features }) => [name, features]));
