import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { SESSION_MAX_AGE_S } from "@/lib/auth/session-cookie";
import type { Tx } from "@/lib/db";

/**
 * Opens a session for a development account: who is asking is not known yet, so this is no operation.
 * Null where there is no such account or it is disabled. The caller has checked that development accounts may be used.
 */
export async function startSession(
  tx: Tx,
  email: string,
  userAgent: string | null,
): Promise<{ readonly userId: string; readonly sessionId: string } | null> {
  const user = await tx.user.findUnique({ where: { email } });
  if (!user || user.disabledAt !== null || !user.development || user.kind !== "person") return null;
  const session = await tx.session.create({
    data: {
      userId: user.id,
      userAgent: userAgent?.slice(0, 300) ?? null,
      expiresAt: new Date(Date.now() + SESSION_MAX_AGE_S * 1000),
    },
  });
  await recordAudit(tx, {
    actor: { email: user.email, kind: "person" },
    action: "session.start",
    outcome: "done",
    subjectType: "session",
    subject: session.id,
  });
  return { userId: user.id, sessionId: session.id };
}
