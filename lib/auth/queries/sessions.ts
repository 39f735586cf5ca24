import "server-only";
import { z } from "zod";
import { me, sessionSummary } from "@/lib/auth/sessions";
import { db } from "@/lib/db";
import { operation } from "@/lib/operation";

export const getMe = operation({
  name: "session.me",
  permission: "session:own",
  input: z.object({}),
  output: me,
  run: async ({ principal }) => ({
    id: principal.id,
    email: principal.email,
    name: principal.name,
    kind: principal.kind,
    roles: [...principal.roles],
    development: principal.development,
  }),
});

/** The caller's sessions that are still open, the newest first. */
export const listMySessions = operation({
  name: "session.list",
  permission: "session:own",
  input: z.object({}),
  output: z.array(sessionSummary),
  run: async ({ principal }) => {
    const rows = await db().session.findMany({
      where: { userId: principal.id, revokedAt: null, expiresAt: { gt: new Date() } },
      orderBy: { createdAt: "desc" },
      take: 100,
    });
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      userAgent: row.userAgent,
      current: row.id === principal.sessionId,
    }));
  },
});
