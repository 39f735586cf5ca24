import type { ContractDocument } from "@/lib/contracts/document";
import { digestOf } from "@/lib/digest";

/** SHA-256 of what a drill tests: the failure mode, the deadline that makes a timeout, and what it runs on. Another one needs another drill. */
export function failureModeDigest({ failureMode, serving }: ContractDocument): string {
  const { deadlineMs, target, tier } = serving;
  return digestOf({ failureMode: failureMode ?? null, deadlineMs, target, tier });
}
