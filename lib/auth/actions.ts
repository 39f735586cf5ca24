"use server";
import { toAction } from "@/lib/action";
import { revokeSession } from "@/lib/auth/commands/revoke-session";

export const revokeSessionAction = toAction(revokeSession);
