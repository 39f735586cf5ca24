import "server-only";
import { z } from "zod";
import type { Tx } from "@/lib/db";

/** What a drill's evidence says to whoever measures how old it is; the whole report is read by governance. */
const head = z.object({ passed: z.boolean(), endedAt: z.iso.datetime(), failureModeDigest: z.string() });
export type DrillHead = z.output<typeof head>;

/** The newest drill of each version that has one, by the id of the version: whether it passed, when it ended, and of which failure mode. */
export async function findNewestDrills(
  tx: Tx,
  modelVersionIds: readonly string[],
): Promise<ReadonlyMap<string, DrillHead>> {
  if (modelVersionIds.length === 0) return new Map();
  const rows = await tx.evidence.findMany({
    where: { subjectType: "model_version", subjectId: { in: [...modelVersionIds] }, kind: "drill" },
    orderBy: [{ recordedAt: "desc" }, { id: "desc" }],
    distinct: ["subjectId"],
    select: { subjectId: true, payload: true },
  });
  return new Map(rows.map(({ subjectId, payload }) => [subjectId, head.parse(payload)]));
}
