import { z } from "zod";
import type { Role } from "@/lib/auth/schema";

export const SLOTS = ["validator", "governance"] as const;
export const slot = z.enum(SLOTS);
/** An approval that a promotion needs; the role of the same name fills it. */
export type Slot = z.output<typeof slot>;

export type Person = {
  readonly id: string;
  readonly email: string;
  readonly kind: "person" | "service";
  readonly roles: readonly Role[];
};

export type Duties = {
  readonly requestedById: string;
  readonly registeredById: string;
  /** Approvals that count: those over the current inputs. */
  readonly approvals: readonly { readonly slot: Slot; readonly userId: string }[];
};

export type Eligibility = {
  /** Slots that this person may fill now. Empty: `reason` says why. */
  readonly slots: readonly Slot[];
  readonly reason: string | null;
};

/** Why a person takes no part in a decision whatever their roles, or null. */
export function exclusionOf(
  userId: string,
  { requestedById, registeredById }: Pick<Duties, "requestedById" | "registeredById">,
): "requester" | "registrar" | null {
  if (userId === requestedById) return "requester";
  return userId === registeredById ? "registrar" : null;
}

/**
 * Which slots a person may fill: neither the requester of the promotion nor the registrar of its version decides, a service account
 * never does, one person fills one slot even with both roles, and a slot is filled once.
 */
export function eligibilityOf(person: Person, duties: Duties): Eligibility {
  const able = rejectionOf(person, duties);
  const held = able.slots;
  if (held.length === 0) return able;
  const own = duties.approvals.find(({ userId }) => userId === person.id);
  if (own) return refused(`You approved in the slot ${own.slot}: the other slot needs another person.`);
  const slots = held.filter((each) => !duties.approvals.some((approval) => approval.slot === each));
  if (slots.length === 0) return refused(`The slot ${held.join(" and ")} is filled already.`);
  return { slots, reason: null };
}

/** In which slots a person may reject: also where the slot is filled, for a late objection counts, even to one's own approval. */
export function rejectionOf(person: Person, duties: Duties): Eligibility {
  if (person.kind !== "person") return refused("Only a person decides; this is a service account.");
  const exclusion = exclusionOf(person.id, duties);
  if (exclusion === "requester") return refused("You requested this promotion: somebody else decides it.");
  if (exclusion === "registrar") return refused("You registered this version: somebody else decides on it.");
  const held = SLOTS.filter((each) => person.roles.includes(each));
  return held.length === 0
    ? refused("Deciding needs the role validator or governance.")
    : { slots: held, reason: null };
}

const refused = (reason: string): Eligibility => ({ slots: [], reason });

/** Who of `people` could fill which open slot: what a page tells somebody who may not. */
export function candidatesFor(people: readonly Person[], duties: Duties): Readonly<Record<Slot, readonly string[]>> {
  const able = (wanted: Slot) =>
    people.filter((person) => eligibilityOf(person, duties).slots.includes(wanted)).map(({ email }) => email);
  return { validator: able("validator"), governance: able("governance") };
}

/** Whether the approvals that count fill every slot, each by another person. */
export function allSlotsFilled(approvals: Duties["approvals"]): boolean {
  const people = new Set(approvals.map(({ userId }) => userId));
  return SLOTS.every((each) => approvals.some((approval) => approval.slot === each)) && people.size >= SLOTS.length;
}
