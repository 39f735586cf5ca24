import { z } from "zod";

export const GATES = [
  "contract",
  "digest",
  "interface",
  "quality",
  "not_worse",
  "reference_sample",
  "serving_target",
  "load_curve",
  "drill",
] as const;

/** `missing`: the evidence is not there, but may still arrive. `fail`: it is there and says no. Both block an approval. */
export const gateStatus = z.enum(["pass", "fail", "missing"]);
export type GateStatus = z.output<typeof gateStatus>;

export const gateItem = z.object({
  gate: z.enum(GATES),
  title: z.string(),
  status: gateStatus,
  reasons: z.array(z.string()),
  /** Ids of the evidence rows that were read. */
  evidence: z.array(z.string()),
  /** Clause of the contract, for the gates that there are one per clause. */
  clause: z.string().optional(),
});
export type GateItem = z.output<typeof gateItem>;

/** Whether every gate passes. */
export function isOpenGate(items: readonly GateItem[]): boolean {
  return items.length > 0 && items.every(({ status }) => status === "pass");
}

/** The gates that say no, and those that wait for evidence. */
export function blockersOf(items: readonly GateItem[]): { failing: readonly GateItem[]; missing: readonly GateItem[] } {
  return {
    failing: items.filter(({ status }) => status === "fail"),
    missing: items.filter(({ status }) => status === "missing"),
  };
}
