import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { exception } from "./errors";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** A page in a browser must not reach the engine: neither by a rebound name (Host) nor across origins (Origin). */
export function isForeign(req: IncomingMessage): boolean {
  return !LOOPBACK.test(req.headers.host ?? "") || req.headers.origin !== undefined;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

function header(req: IncomingMessage, name: string): string {
  return String(req.headers[name] ?? "");
}

/** `user:password` in any of the three ways ClickHouse takes them: basic authentication, headers, query string. */
function credentials(req: IncomingMessage, params: URLSearchParams): string {
  const basic = /^Basic (.+)$/i.exec(header(req, "authorization"))?.[1];
  if (basic) return Buffer.from(basic, "base64").toString();
  const user = header(req, "x-clickhouse-user");
  const key = header(req, "x-clickhouse-key");
  if (user || key) return `${user || "default"}:${key}`;
  return `${params.get("user") ?? "default"}:${params.get("password") ?? ""}`;
}

/** There is one user, `default`. Throws ClickHouse's code 516 for anyone else; compares in constant time. */
export function authenticate(req: IncomingMessage, params: URLSearchParams, password: string): void {
  const given = credentials(req, params);
  if (timingSafeEqual(digest(given), digest(`default:${password}`))) return;
  const user = given.split(":")[0];
  throw exception(
    516,
    "AUTHENTICATION_FAILED",
    `${user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}
