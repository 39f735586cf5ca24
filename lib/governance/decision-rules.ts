import type { Principal } from "@/lib/auth/schema";
import { blockersOf, type GateItem } from "./gate-item";
import { inputsDifference, type PromotionInputs } from "./promotion-inputs";
import { type Duties, eligibilityOf, exclusionOf, rejectionOf, type Slot } from "./separation-of-duties";

export type Decision = {
  readonly decision: "approve" | "reject";
  readonly inputsDigest: string;
  readonly slot?: Slot | undefined;
};

type Asked = {
  readonly row: { readonly id: number; readonly state: string };
  readonly gate: readonly GateItem[];
  /** As they are now. */
  readonly inputs: PromotionInputs;
  readonly inputsDigest: string;
  readonly duties: Duties;
  readonly principal: Principal;
  readonly input: Decision;
  /** What the caller was shown, where it is on record. */
  readonly seen: PromotionInputs | null;
};

export type DecisionRefusal = {
  readonly code: "conflict" | "forbidden" | "precondition" | "invalid";
  readonly message: string;
  readonly details?: unknown;
};

/** Why a decision is not taken; null: it is. The order is that of what the caller can do about it. */
export function decisionRefusal(asked: Asked): DecisionRefusal | null {
  return stateRefusal(asked) ?? dutyRefusal(asked) ?? staleRefusal(asked) ?? gateRefusal(asked);
}

function stateRefusal({ row }: Asked): DecisionRefusal | null {
  if (row.state === "in_review") return null;
  return { code: "conflict", message: `Promotion ${row.id} is ${row.state.replace("_", " ")}: nothing to decide.` };
}

function dutyRefusal({ duties, principal, input }: Asked): DecisionRefusal | null {
  const { slots, reason } =
    input.decision === "reject" ? rejectionOf(principal, duties) : eligibilityOf(principal, duties);
  if (slots.length === 0) {
    // Excluded for good, or only late: a slot that somebody else filled is no breach of duties.
    const excluded = principal.kind !== "person" || exclusionOf(principal.id, duties) !== null;
    return { code: excluded ? "forbidden" : "conflict", message: reason ?? "There is no slot for you." };
  }
  if (input.slot !== undefined && !slots.includes(input.slot)) {
    return { code: "forbidden", message: `The slot ${input.slot} is not yours to fill; ${slots.join(" or ")} is.` };
  }
  if (input.slot === undefined && slots.length > 1 && input.decision === "approve") {
    return { code: "invalid", message: `You hold both roles: say which slot you fill, ${slots.join(" or ")}.` };
  }
  return null;
}

function staleRefusal({ input, inputs, inputsDigest, seen }: Asked): DecisionRefusal | null {
  if (input.inputsDigest === inputsDigest) return null;
  const difference = seen && inputsDifference(seen, inputs);
  const what = difference?.map(({ path }) => path).join(", ");
  return {
    code: "conflict",
    message: `What you decide on has changed since it was shown${what ? `: ${what}` : ""}. Look again; nothing was recorded.`,
    details: { inputsDigest, ...(difference && { difference }) },
  };
}

function gateRefusal({ input, gate }: Asked): DecisionRefusal | null {
  const blocked = input.decision === "approve" ? approvalBlock(gate) : null;
  return blocked === null ? null : { code: "precondition", message: blocked, details: { gate } };
}

/** Why nobody can approve while the gate is as it is; null: it passes. */
export function approvalBlock(gate: readonly GateItem[]): string | null {
  const { failing, missing } = blockersOf(gate);
  const [first] = [...failing, ...missing];
  if (!first) return null;
  const more = failing.length + missing.length - 1;
  const rest = more > 0 ? ` ${more} more ${more === 1 ? "gate does" : "gates do"} not pass.` : "";
  return `Approve is blocked. ${first.title}: ${first.reasons.join(" ")}${rest}`;
}

/** The slot that a decision goes into: the named one, or the only one. Call it after `decisionRefusal`. */
export function slotFor(input: Decision, principal: Principal, duties: Duties): Slot {
  const able = input.decision === "reject" ? rejectionOf(principal, duties) : eligibilityOf(principal, duties);
  const slot = input.slot ?? able.slots[0];
  if (slot === undefined) throw new Error("a refused decision has no slot");
  return slot;
}
