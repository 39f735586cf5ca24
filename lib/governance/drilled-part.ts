import type { ContractDocument } from "@/lib/contracts/document";

/**
 * What a drill of a contract tests: the failure mode, the deadline that makes a timeout, and what it runs on. Its digest (lib/digest.ts)
 * is on the drill's evidence: where the part is another, the drill has to be made again.
 */
export function drilledPart({ failureMode, serving }: ContractDocument) {
  const { deadlineMs, target, tier } = serving;
  return { failureMode: failureMode ?? null, deadlineMs, target, tier };
}
