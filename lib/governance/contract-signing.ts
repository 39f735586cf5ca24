import { z } from "zod";
import type { Role } from "@/lib/auth/schema";

export const SIGNATURE_SLOTS = ["owner", "sre", "governance"] as const;
export const signatureSlot = z.enum(SIGNATURE_SLOTS);
/** A signature that a contract needs; the role of the same name gives it. */
export type SignatureSlot = z.output<typeof signatureSlot>;

export type Signer = {
  readonly id: string;
  readonly kind: "person" | "service";
  readonly roles: readonly Role[];
};

export type SigningState = {
  readonly state: "draft" | "submitted" | "signed" | "withdrawn";
  readonly digest: string | null;
  readonly signatures: readonly { readonly slot: SignatureSlot; readonly userId: string }[];
};

export type SigningRefusal = {
  /** `forbidden`: this person never, or not any more; `conflict`: the contract is not in the state for it; `invalid`: say more. */
  readonly code: "forbidden" | "conflict" | "invalid";
  readonly reason: string;
};
export type Signing = { readonly ok: true; readonly slot: SignatureSlot } | ({ readonly ok: false } & SigningRefusal);

const refuse = (code: SigningRefusal["code"], reason: string): Signing => ({ ok: false, code, reason });

/** Slots that are not signed yet, in their order. */
export function missingSlots(signatures: SigningState["signatures"]): readonly SignatureSlot[] {
  return SIGNATURE_SLOTS.filter((slot) => !signatures.some((signature) => signature.slot === slot));
}

/** The slots whose role this person has. */
export function slotsOf(roles: readonly Role[]): readonly SignatureSlot[] {
  return SIGNATURE_SLOTS.filter((slot) => roles.includes(slot));
}

/**
 * Whether `signer` may sign, and in which slot: three slots, three different persons, each with the role of the slot, over a
 * submitted contract. Who could fill several open slots names one. The same answer before the click and in the transaction.
 */
export function signingOf(signer: Signer, contract: SigningState, wanted?: SignatureSlot): Signing {
  if (signer.kind !== "person") return refuse("forbidden", "Only a person signs; this is a service account.");
  const held = slotsOf(signer.roles);
  if (held.length === 0) {
    return refuse("forbidden", "Signing needs one of the roles owner, sre, governance; you have none of them.");
  }
  if (wanted !== undefined && !held.includes(wanted)) {
    return refuse(
      "forbidden",
      `Signing as ${wanted} needs the role ${wanted}; you could sign as ${held.join(" or ")}.`,
    );
  }
  const own = contract.signatures.find(({ userId }) => userId === signer.id);
  if (own) {
    return refuse("forbidden", `You already signed as ${own.slot}: the three signatures come from three persons.`);
  }
  if (contract.state !== "submitted") return refuse("conflict", NOT_SUBMITTED[contract.state]);
  const open = held.filter((slot) => missingSlots(contract.signatures).includes(slot));
  return inSlot(open, held, wanted);
}

const NOT_SUBMITTED = {
  draft: "It is a draft: it has to be submitted before anyone signs it.",
  signed: "It is signed already, by all three.",
  withdrawn: "It was withdrawn.",
} as const;

function inSlot(
  open: readonly SignatureSlot[],
  held: readonly SignatureSlot[],
  wanted: SignatureSlot | undefined,
): Signing {
  if (wanted !== undefined && !open.includes(wanted)) {
    return refuse("conflict", `Somebody else signed as ${wanted} already.`);
  }
  const slot = wanted ?? open[0];
  if (slot === undefined) return refuse("conflict", `Somebody else signed as ${held.join(" and ")} already.`);
  if (wanted === undefined && open.length > 1) {
    return refuse("invalid", `You could sign as ${open.join(" or ")}: name the slot.`);
  }
  return { ok: true, slot };
}
