/** Sessions end 12 hours after sign-in, and after two hours without a request. */
export const SESSION_MAX_AGE_S = 12 * 3600;
export const SESSION_IDLE_S = 2 * 3600;

/** Name of the session cookie. Over https the prefix pins it to this host. */
export function sessionCookieName(publicUrl: string | undefined): string {
  return publicUrl?.startsWith("https://") ? "__Host-proviso.session" : "proviso.session";
}

/** Header that only the web process itself sets, on requests that came straight from loopback. */
export const DIRECT_HEADER = "x-proviso-direct";

/** Header by which proxy.ts tells a page its own address, so that signing in leads back to it. */
export const PATH_HEADER = "x-proviso-path";

const LOOPBACK = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?=:\d+$|$)/;

/**
 * Whether a browser's `Origin` is the portal itself. On loopback the names 127.0.0.1, localhost and [::1] of one port are one origin.
 */
export function isOwnOrigin(origin: string, publicUrl: string): boolean {
  const own = new URL(publicUrl).origin;
  if (origin === own) return true;
  return LOOPBACK.test(origin) && LOOPBACK.test(own) && origin.replace(LOOPBACK, "") === own.replace(LOOPBACK, "");
}
