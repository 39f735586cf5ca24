import { type NextRequest, NextResponse } from "next/server";
import { PATH_HEADER } from "@/lib/auth/session-cookie";
import { env } from "@/lib/env";

/**
 * Content-Security-Policy with a fresh nonce, on the request (Next takes the nonce for its own scripts from there) and on the
 * response. Inline style *attributes* stay allowed: without them server-rendered charts are invisible.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, env().NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Pages only. The API answers JSON, and a request that passes through here is buffered: an upload of gigabytes must not. */
export const config = {
  matcher: ["/((?!api/|_next/static|_next/image|icon\\.svg$).*)"],
};
