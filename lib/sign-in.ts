import "server-only";
import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { endSession } from "@/lib/auth/commands/end-session";
import { startSession } from "@/lib/auth/commands/start-session";
import { isDirect } from "@/lib/auth/queries";
import { DIRECT_HEADER, SESSION_MAX_AGE_S, sessionCookieName } from "@/lib/auth/session-cookie";
import { inTransaction } from "@/lib/db";
import { env } from "@/lib/env";

/** Name of next-auth's cookie with the page to return to; a malformed one would make it answer 500. */
export const CALLBACK_COOKIE = "next-auth.callback-url";

/** next-auth with sessions in the database: its cookie carries only the session's id, and `currentPrincipal` reads the rest anew. */
export function authOptions(): NextAuthOptions {
  const { NEXTAUTH_SECRET: secret, PUBLIC_URL: publicUrl } = env();
  const secure = publicUrl?.startsWith("https://") ?? false;
  return {
    ...(secret && { secret }),
    session: { strategy: "jwt", maxAge: SESSION_MAX_AGE_S },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    cookies: {
      sessionToken: {
        name: sessionCookieName(publicUrl),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure },
      },
    },
    providers: [developmentAccounts()],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sub: user.id, sid: (user as { sid?: string }).sid } : token),
      redirect: ({ url, baseUrl }) => {
        if (!URL.canParse(url, baseUrl)) return baseUrl;
        const target = new URL(url, baseUrl);
        return target.origin === new URL(baseUrl).origin ? target.href : baseUrl;
      },
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid === "string") {
          const { sid } = token;
          await inTransaction((tx) => endSession(tx, sid));
        }
      },
    },
  };
}

/** One click, no password: only in the embedded set-up, and only for requests straight from loopback. */
function developmentAccounts() {
  return Credentials({
    id: "development",
    name: "Development account",
    credentials: { email: { label: "E-mail", type: "email" } },
    authorize: async (credentials, request) => {
      const sent = request.headers as Record<string, string | undefined> | undefined;
      if (!isDirect(sent?.[DIRECT_HEADER] ?? null) || !credentials?.email) return null;
      const email = credentials.email.toLowerCase();
      const started = await inTransaction((tx) => startSession(tx, email, sent?.["user-agent"] ?? null));
      return started ? { id: started.userId, sid: started.sessionId } : null;
    },
  });
}
