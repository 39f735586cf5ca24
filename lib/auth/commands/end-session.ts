import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Tx } from "@/lib/db";

/** Ends a session at sign-out. A session that is over already stays as it is. */
export async function endSession(tx: Tx, id: string): Promise<void> {
  const session = await tx.session.findUnique({ where: { id }, include: { user: true } });
  if (!session || session.revokedAt !== null) return;
  await tx.session.update({ where: { id }, data: { revokedAt: new Date() } });
  await recordAudit(tx, {
    actor: { email: session.user.email, kind: "person" },
    action: "session.end",
    outcome: "done",
    subjectType: "session",
    subject: id,
  });
}
