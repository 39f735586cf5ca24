import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** SHA-256, lower-case hexadecimal, of the canonical JSON (RFC 8785) of `value`. Throws on a lone surrogate, NaN or infinity. */
export function digestOf(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("nothing to digest");
  if (!text.isWellFormed()) throw new TypeError("text with a lone surrogate cannot be digested");
  return sha256(text);
}

/** SHA-256 of text or bytes, lower-case hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
