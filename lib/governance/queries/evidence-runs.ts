import "server-only";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { drillReport } from "@/lib/governance/drill-report";
import { evidenceRunDetail, evidenceRunKey, versionEvidence, versionKey } from "@/lib/governance/evidence-run";
import { RUN_COLUMNS, toRun } from "@/lib/governance/evidence-run-view";
import { operation } from "@/lib/operation";
import { loadCurve } from "@/lib/serving/load-curve";

/** One run with where it is, and what it found. `not_found`. */
export const getEvidenceRun = operation({
  name: "evidence_run.get",
  permission: "model:read",
  input: evidenceRunKey,
  output: evidenceRunDetail,
  run: async ({ input: { id } }) => {
    const row = await db().evidenceRun.findUnique({ where: { id }, include: RUN_COLUMNS });
    if (!row) throw new AppError("not_found", "There is no such run.");
    const found = row.evidenceId ? await db().evidence.findUnique({ where: { id: row.evidenceId } }) : null;
    return {
      ...toRun(row),
      curve: found?.kind === "load_curve" ? loadCurve.parse(found.payload) : null,
      drill: found?.kind === "drill" ? drillReport.parse(found.payload) : null,
    };
  },
});

/** Load curves, drills and runs of a version. `not_found`. */
export const listEvidence = operation({
  name: "evidence.list",
  permission: "model:read",
  input: versionKey,
  output: versionEvidence,
  run: async ({ input: { name, version } }) => {
    const row = await db().modelVersion.findFirst({
      where: { number: version, model: { name } },
      select: { id: true },
    });
    if (!row) throw new AppError("not_found", `There is no version ${version} of a model ${name}.`);
    const runs = await db().evidenceRun.findMany({
      where: { modelVersionId: row.id },
      include: RUN_COLUMNS,
      orderBy: { createdAt: "desc" },
      take: 50,
    });
    const curves = await newest(row.id, ["load_curve", "load_curve_attested"]);
    const drills = await newest(row.id, ["drill"]);
    return {
      curves: curves.map((each) => ({ ...recorded(each), curve: loadCurve.parse(each.payload) })),
      drills: drills.map((each) => ({ ...recorded(each), drill: drillReport.parse(each.payload) })),
      runs: runs.map(toRun),
    };
  },
});

function newest(subjectId: string, kinds: readonly string[]) {
  return db().evidence.findMany({
    where: { subjectType: "model_version", subjectId, kind: { in: [...kinds] } },
    orderBy: [{ recordedAt: "desc" }, { id: "desc" }],
    take: 20,
  });
}

type Row = Awaited<ReturnType<typeof newest>>[number];

const recorded = ({ id, digest, recordedBy, recordedAt }: Row) => ({
  id,
  digest,
  recordedBy,
  recordedAt: recordedAt.toISOString(),
});
