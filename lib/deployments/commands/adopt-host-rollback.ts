import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Tx } from "@/lib/db";
import { stopOpenRollout } from "@/lib/deployments/commands/stop-open-rollout";
import { takeOver } from "@/lib/deployments/desired-change";
import { AppError } from "@/lib/errors";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { toStorable } from "@/lib/text";

/**
 * Someone went back on the host itself while the portal was away: what the host did is wanted now, and is on record with who did it
 * there, when and why. A step back is always allowed, so it also takes the place of what the portal wanted meanwhile; the audit event
 * says what that was. Does nothing, and says so with false, for a rollback that was taken over before. Throws `conflict` when the
 * host names a revision that is not of this endpoint.
 */
export async function adoptHostRollback(tx: Tx, status: EndpointStatus): Promise<boolean> {
  const host = status.rolledBack;
  if (!host) return false;
  await tx.$queryRaw`SELECT id FROM endpoint WHERE name = ${status.name} FOR UPDATE`;
  const row = await tx.endpoint.findUnique({
    where: { name: status.name },
    include: { serving: true, warm: true, revisions: { where: { name: { in: [host.from, host.to] } } } },
  });
  if (!row || (await isAdopted(tx, row.name, host))) return false;
  const idOf = (name: string) => row.revisions.find((revision) => revision.name === name)?.id;
  const servingId = idOf(host.to);
  if (servingId === undefined) {
    throw new AppError("conflict", `The host went back to ${host.to}, which is no revision of ${row.name}.`);
  }
  // It dropped the candidate: what serves and what is warm stay.
  const warm = row.servingId === servingId ? row.warm : row.revisions.find(({ name }) => name === host.from);
  const warmId = warm?.id ?? null;
  const desired = takeOver(row, { generation: host.generation, servingId, warmId });
  // No account of the portal: the host says who it was.
  const actor = { email: storable(host.by), kind: "service" } as const;
  await stopOpenRollout(tx, row.id, { reason: `the host of ${row.name} went back to ${host.to}`, actor });
  await tx.endpoint.update({ where: { id: row.id }, data: desired });
  await recordAudit(tx, {
    actor,
    action: "endpoint.rollback",
    outcome: "done",
    subjectType: "endpoint",
    subject: row.name,
    reason: storable(host.reason),
    before: { serving: row.serving?.name ?? null, warm: row.warm?.name ?? null, generation: row.generation },
    after: {
      serving: host.to,
      warm: warm?.name ?? null,
      generation: desired.generation,
      host: {
        at: new Date(host.at).toISOString(),
        generation: host.generation,
        from: host.from,
        overrode: row.generation < host.generation ? null : (row.serving?.name ?? null),
      },
    },
  });
  return true;
}

type HostRollback = NonNullable<EndpointStatus["rolledBack"]>;

/** The audit event is the record of it: two workers, or one that was killed, take it over once. */
async function isAdopted(tx: Tx, name: string, host: HostRollback): Promise<boolean> {
  const at = new Date(host.at).toISOString();
  const events = await tx.auditEvent.findFirst({
    where: {
      action: "endpoint.rollback",
      subject: name,
      AND: [
        { after: { path: ["host", "at"], equals: at } },
        { after: { path: ["host", "generation"], equals: host.generation } },
      ],
    },
    select: { id: true },
  });
  return events !== null;
}

const storable = (text: string): string => String(toStorable("", text));
