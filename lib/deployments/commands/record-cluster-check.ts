import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Tx } from "@/lib/db";
import type { UnmanagedWorkloads } from "@/lib/deployments/unmanaged-workload";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { toStorable } from "@/lib/text";

export type ClusterCheck =
  | {
      readonly kind: "found";
      readonly capabilities: ClusterCapabilities;
      /** Null: they could not be listed, for which `problem` says why. */
      readonly unmanaged: UnmanagedWorkloads | null;
      readonly problem: string | null;
    }
  | { readonly kind: "failed"; readonly problem: string };

/**
 * Stores what a look at a cluster at `at` found. A failed one keeps what was found before: its age is shown. Only the coming and
 * going of a problem is audited.
 */
export async function recordClusterCheck(tx: Tx, id: string, check: ClusterCheck, at: Date): Promise<void> {
  await tx.$queryRaw`SELECT id FROM cluster WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.cluster.findUnique({ where: { id }, select: { name: true, problem: true, checkedAt: true } });
  // Removed meanwhile, or another worker has looked later.
  if (!row || (row.checkedAt !== null && row.checkedAt > at)) return;
  const problem = check.problem === null ? null : String(toStorable("", check.problem));
  const stored = (value: object) => JSON.parse(JSON.stringify(value, toStorable));
  await tx.cluster.update({
    where: { id },
    data: {
      ...{ problem, checkedAt: at },
      ...(check.kind === "found" && { capabilities: stored(check.capabilities), capabilitiesAt: at }),
      ...(check.kind === "found" && check.unmanaged && { unmanaged: stored(check.unmanaged) }),
    },
  });
  if ((row.problem === null) === (problem === null)) return;
  await recordAudit(tx, {
    ...{ actor: { email: "deployment", kind: "process" }, outcome: "done", subjectType: "cluster", subject: row.name },
    action: problem === null ? "cluster.reachable" : "cluster.problem",
    ...(problem !== null && { reason: problem }),
  });
}
