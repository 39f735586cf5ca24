import "server-only";
import { z } from "zod";
import { endSession } from "@/lib/auth/commands/end-session";
import { revokeSessionInput } from "@/lib/auth/sessions";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Ends one of the caller's own sessions at once, on every machine. A session of somebody else is `not_found`. */
export const revokeSession = operation({
  name: "session.revoke",
  permission: "session:own",
  input: revokeSessionInput,
  output: z.object({ id: z.uuid() }),
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const session = await tx.session.findFirst({ where: { id: input.id, userId: principal.id } });
      if (!session) throw new AppError("not_found", "You have no such session.");
      await endSession(tx, session.id);
      return { id: session.id };
    }),
});
