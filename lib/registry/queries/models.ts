import "server-only";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { decodeCursor, pageOf, toPage } from "@/lib/page";
import { getModelInput, listModelsInput, type Model, model } from "@/lib/registry/schema";
import { toSummary } from "@/lib/registry/version-row";

const WITH_LATEST = {
  include: {
    _count: { select: { versions: true } },
    versions: {
      orderBy: { number: "desc" },
      take: 1,
      include: {
        revisions: { where: { servingOn: { some: {} } }, include: { servingOn: { select: { name: true } } } },
      },
    },
  },
} as const;

/** Registered models by name, each with its newest version. */
export const listModels = operation({
  name: "model.list",
  permission: "model:read",
  input: listModelsInput,
  output: pageOf(model),
  run: async ({ input }) => {
    const after = decodeCursor(input.cursor);
    if (after === null) throw new AppError("invalid", "The cursor is not one of ours.", { cursor: ["not a cursor"] });
    const rows = await db().registeredModel.findMany({
      where: {
        name: {
          ...(after !== undefined && { gt: after }),
          ...(input.q && { contains: input.q, mode: "insensitive" as const }),
        },
      },
      orderBy: { name: "asc" },
      take: input.limit + 1,
      ...WITH_LATEST,
    });
    const serving = await servingVersions(rows.map(({ id }) => id));
    return toPage(
      rows,
      input.limit,
      (row) => row.name,
      (row) => toModel(row, serving),
    );
  },
});

export const getModel = operation({
  name: "model.get",
  permission: "model:read",
  input: getModelInput,
  output: model,
  run: async ({ input }) => {
    const row = await db().registeredModel.findUnique({ where: { name: input.name }, ...WITH_LATEST });
    if (!row) throw new AppError("not_found", `There is no model ${input.name}.`);
    return toModel(row, await servingVersions([row.id]));
  },
});

/** Which versions of these models answer on which endpoints. */
function servingVersions(modelIds: readonly string[]) {
  return db().endpoint.findMany({
    where: { serving: { modelVersion: { modelId: { in: [...modelIds] } } } },
    select: { name: true, serving: { select: { modelVersion: { select: { modelId: true, number: true } } } } },
    orderBy: { name: "asc" },
  });
}

type Row = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly _count: { readonly versions: number };
  readonly versions: readonly Parameters<typeof toSummary>[0][];
};

function toModel(row: Row, serving: Awaited<ReturnType<typeof servingVersions>>): Model {
  const [latest] = row.versions;
  return {
    name: row.name,
    description: row.description,
    versions: row._count.versions,
    latest: latest ? toSummary(latest) : null,
    serves: serving.flatMap(({ name, serving: revision }) =>
      revision?.modelVersion.modelId === row.id ? [{ endpoint: name, version: revision.modelVersion.number }] : [],
    ),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}
