import "server-only";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { keyAfter, pageOf, toPage } from "@/lib/page";
import { getModelInput, listModelsInput, type Model, model, modelName } from "@/lib/registry/schema";
import { toSummary } from "@/lib/registry/version-row";

/** Registered models by name, each with its newest version. */
export const listModels = operation({
  name: "model.list",
  permission: "model:read",
  input: listModelsInput,
  output: pageOf(model),
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, modelName);
    const rows = await db().registeredModel.findMany({
      where: {
        name: {
          ...(after !== undefined && { gt: after }),
          ...(input.q && { contains: input.q, mode: "insensitive" as const }),
        },
      },
      orderBy: { name: "asc" },
      take: input.limit + 1,
    });
    const facts = await factsOf(rows);
    return toPage(
      rows,
      input.limit,
      (row) => row.name,
      (row) => toModel(row, facts),
    );
  },
});

export const getModel = operation({
  name: "model.get",
  permission: "model:read",
  input: getModelInput,
  output: model,
  run: async ({ input }) => {
    const row = await db().registeredModel.findUnique({ where: { name: input.name } });
    if (!row) throw new AppError("not_found", `There is no model ${input.name}.`);
    return toModel(row, await factsOf([row]));
  },
});

const SUMMARY = {
  parent: { select: { number: true } },
  revisions: { where: { servingOn: { some: {} } }, include: { servingOn: { select: { name: true } } } },
} as const;

/** The newest version of each model, and which versions answer on which endpoints. A nested `take: 1` would read every version. */
async function factsOf(models: readonly Row[]) {
  const [latest, serving] = await Promise.all([
    db().modelVersion.findMany({
      where: { OR: models.map(({ id, lastNumber }) => ({ modelId: id, number: lastNumber })) },
      include: SUMMARY,
    }),
    db().endpoint.findMany({
      where: { serving: { modelVersion: { modelId: { in: models.map(({ id }) => id) } } } },
      select: { name: true, serving: { select: { modelVersion: { select: { modelId: true, number: true } } } } },
      orderBy: { name: "asc" },
    }),
  ]);
  return { latest, serving };
}

type Row = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly lastNumber: number;
  readonly createdBy: string;
  readonly createdAt: Date;
};

function toModel(row: Row, { latest, serving }: Awaited<ReturnType<typeof factsOf>>): Model {
  const newest = latest.find(({ modelId }) => modelId === row.id);
  return {
    name: row.name,
    description: row.description,
    versions: row.lastNumber,
    latest: newest ? toSummary(newest) : null,
    serves: serving.flatMap(({ name, serving: revision }) =>
      revision?.modelVersion.modelId === row.id ? [{ endpoint: name, version: revision.modelVersion.number }] : [],
    ),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}
