import "server-only";
import { headers } from "next/headers";
import { isDirect } from "@/lib/auth/queries";
import { type Role, role } from "@/lib/auth/schema";
import { DIRECT_HEADER } from "@/lib/auth/session-cookie";
import { db } from "@/lib/db";

export type DevelopmentAccount = { readonly email: string; readonly name: string; readonly roles: readonly Role[] };

/**
 * The people one can sign in as without a password; for the sign-in page, where nobody is anybody yet.
 * Empty unless this is the one-machine set-up and the request came straight from loopback.
 */
export async function developmentAccounts(): Promise<readonly DevelopmentAccount[]> {
  if (!isDirect((await headers()).get(DIRECT_HEADER))) return [];
  const rows = await db().user.findMany({
    where: { development: true, kind: "person", disabledAt: null },
    include: { roles: true },
    orderBy: { createdAt: "asc" },
    take: 50,
  });
  return rows.map(({ email, name, roles }) => ({
    email,
    name,
    roles: roles.flatMap((row) => role.safeParse(row.role).data ?? []),
  }));
}
