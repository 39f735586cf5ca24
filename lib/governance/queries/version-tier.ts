import "server-only";
import { contractDocument } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { versionTierInput } from "@/lib/governance/version-tier";
import { operation } from "@/lib/operation";
import { versionFile } from "@/lib/registry/model-schema";
import { verification } from "@/lib/registry/schema";
import { loadCurve } from "@/lib/serving/load-curve";
import { tierAdvice, tierOf } from "@/lib/serving/tier";

/** So many curves, the newest first: the newest of each tier counts. */
const CURVES = 50;

/** The tier that a version needs to keep a version of a contract, by its measured evidence. `not_found` for either. */
export const getVersionTier = operation({
  name: "model_version.tier",
  permission: "model:read",
  input: versionTierInput,
  output: tierAdvice,
  run: async ({ input: { name, version, useCase, contract } }) => {
    const row = await db().modelVersion.findFirst({ where: { number: version, model: { name } } });
    if (!row) throw new AppError("not_found", `There is no version ${version} of a model ${name}.`);
    const found = await db().contract.findFirst({ where: { number: contract, useCase: { slug: useCase } } });
    if (!found) throw new AppError("not_found", `There is no contract ${contract} of ${useCase}.`);
    const evidence = await db().evidence.findMany({
      where: {
        subjectType: "model_version",
        subjectId: row.id,
        kind: { in: ["load_curve", "load_curve_attested"] },
      },
      orderBy: [{ recordedAt: "desc" }, { id: "desc" }],
      take: CURVES,
    });
    const files = versionFile.array().parse(row.files);
    const { PRICE_CPU_CORE_HOUR, PRICE_GPU_HOUR } = env();
    return tierOf(
      {
        document: contractDocument.parse(found.document),
        modelBytes: files.find(({ role }) => role === "model")?.size ?? 0,
        model: verification.nullable().parse(row.verification)?.model ?? null,
        curves: evidence.map(({ id, payload }) => ({ id, curve: loadCurve.parse(payload) })),
      },
      { core: PRICE_CPU_CORE_HOUR ?? null, gpu: PRICE_GPU_HOUR ?? null },
    );
  },
});
