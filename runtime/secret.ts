import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Compares two secrets in time that tells nothing about them, of any length. */
export const digestsEqual = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret));
