import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

const VERSION = "v1";
const TAG_BYTES = 16;

/** The key of one purpose, from the installation's own secret (HKDF, RFC 5869). */
function keyOf(purpose: string): Buffer {
  const { NEXTAUTH_SECRET: secret } = env();
  if (!secret) throw new AppError("unavailable", "Secrets cannot be kept here: set NEXTAUTH_SECRET.");
  return Buffer.from(hkdfSync("sha256", secret, "proviso", purpose, 32));
}

/** Encrypts `text` (AES-256-GCM). `owner` names the row that it belongs to: moved to another row it does not open. */
export function seal(text: string, { purpose, owner }: { readonly purpose: string; readonly owner: string }): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyOf(purpose), iv).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, iv.toString("base64url"), sealed.toString("base64url")].join(".");
}

/** What was sealed. Throws `precondition` where the installation's secret, the purpose or the owner is another. */
export function unseal(box: string, { purpose, owner }: { readonly purpose: string; readonly owner: string }): string {
  const [version, iv = "", text = ""] = box.split(".");
  const sealed = Buffer.from(text, "base64url");
  try {
    if (version !== VERSION) throw new TypeError("another version");
    const decipher = createDecipheriv("aes-256-gcm", keyOf(purpose), Buffer.from(iv, "base64url"))
      .setAAD(Buffer.from(owner))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      "precondition",
      "The stored secret cannot be read any more: NEXTAUTH_SECRET changed. Set it again.",
    );
  }
}
