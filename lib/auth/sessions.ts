import { z } from "zod";
import { role } from "@/lib/auth/schema";

/** The caller, as the API tells it. */
export const me = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  kind: z.enum(["person", "service"]),
  roles: z.array(role),
  development: z.boolean(),
});

export const sessionSummary = z.object({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  userAgent: z.string().nullable(),
  /** Whether the request came with this session. */
  current: z.boolean(),
});
export type SessionSummary = z.output<typeof sessionSummary>;

export const revokeSessionInput = z.object({ id: z.uuid() });
