import "server-only";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { keyAfter, pageOf, rowKey, toPage } from "@/lib/page";
import { getVersionInput, listVersionsInput, modelVersionDetail, versionSummary } from "@/lib/registry/schema";
import { toServing, toSummary, toVariant, toVersion, VARIANT_COLUMNS } from "@/lib/registry/version-row";

/** Versions of a model, the newest first. */
export const listVersions = operation({
  name: "model_version.list",
  permission: "model:read",
  input: listVersionsInput,
  output: pageOf(versionSummary),
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, rowKey);
    const model = await db().registeredModel.findUnique({ where: { name: input.name } });
    if (!model) throw new AppError("not_found", `There is no model ${input.name}.`);
    const rows = await db().modelVersion.findMany({
      where: {
        modelId: model.id,
        ...(input.state && { state: input.state }),
        ...(after !== undefined && { number: { lt: Number(after) } }),
      },
      orderBy: { number: "desc" },
      take: input.limit + 1,
      include: {
        parent: { select: { number: true } },
        revisions: { where: { servingOn: { some: {} } }, include: { servingOn: { select: { name: true } } } },
      },
    });
    return toPage(rows, input.limit, (row) => String(row.number), toSummary);
  },
});

/** One version with its evidence and where it serves or did (the 50 newest revisions). */
export const getVersion = operation({
  name: "model_version.get",
  permission: "model:read",
  input: getVersionInput,
  output: modelVersionDetail,
  run: async ({ input: { name, version } }) => {
    const row = await db().modelVersion.findFirst({
      where: { number: version, model: { name } },
      include: {
        parent: VARIANT_COLUMNS,
        variants: { ...VARIANT_COLUMNS, orderBy: { number: "asc" }, take: 50 },
        revisions: {
          orderBy: { createdAt: "desc" },
          take: 50,
          include: { endpoint: { include: { useCase: { select: { slug: true } } } } },
        },
      },
    });
    if (!row) throw new AppError("not_found", `There is no version ${version} of a model ${name}.`);
    const evidence = await db().evidence.findMany({
      where: { subjectType: "model_version", subjectId: row.id },
      orderBy: { recordedAt: "desc" },
      take: 50,
    });
    return {
      ...toVersion(name, row),
      parent: row.parent && toVariant(row.parent),
      variants: row.variants.map(toVariant),
      serves: row.revisions.map(toServing),
      evidence: evidence.map(({ kind, digest, recordedBy, recordedAt }) => ({
        kind,
        digest,
        recordedBy,
        recordedAt: recordedAt.toISOString(),
      })),
    };
  },
});
