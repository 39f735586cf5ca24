import fc from "fast-check";
import { expect, test } from "vitest";
import { role } from "@/lib/auth/schema";
import {
  allSlotsFilled,
  candidatesFor,
  type Duties,
  eligibilityOf,
  type Person,
  rejectionOf,
  SLOTS,
  type Slot,
} from "./separation-of-duties";

const id = fc.constantFrom("a", "b", "c", "d", "e");
const person: fc.Arbitrary<Person> = fc.record({
  id,
  email: fc.constant("x@example.com"),
  kind: fc.constantFrom("person" as const, "person" as const, "service" as const),
  roles: fc.subarray([...role.options]),
});
const start = fc.record({ requestedById: id, registeredById: id });

/** Everybody approves in turn wherever they may. */
function play(people: readonly Person[], { requestedById, registeredById }: Omit<Duties, "approvals">): Duties {
  const approvals: { slot: Slot; userId: string }[] = [];
  for (const each of people) {
    const [slot] = eligibilityOf(each, { requestedById, registeredById, approvals }).slots;
    if (slot) approvals.push({ slot, userId: each.id });
  }
  return { requestedById, registeredById, approvals };
}

test("however people come, requester, registrar, service accounts and people without the role never approve", () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 12 }), start, (people, of) => {
      const { approvals } = play(people, of);
      for (const { slot, userId } of approvals) {
        expect([of.requestedById, of.registeredById]).not.toContain(userId);
        expect(people.some((each) => each.id === userId && each.kind === "person" && each.roles.includes(slot))).toBe(
          true,
        );
      }
    }),
  );
});

test("however people come, each slot is filled once, and by different people", () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 12 }), start, (people, of) => {
      const { approvals } = play(people, of);
      expect(new Set(approvals.map(({ slot }) => slot)).size).toBe(approvals.length);
      expect(new Set(approvals.map(({ userId }) => userId)).size).toBe(approvals.length);
      expect(allSlotsFilled(approvals)).toBe(approvals.length === SLOTS.length);
    }),
  );
});

test("one person in both slots does not count as filled", () => {
  const approvals = SLOTS.map((slot) => ({ slot, userId: "a" }));
  expect(allSlotsFilled(approvals)).toBe(false);
});

test("an objection counts also where the slot is filled, but not from the excluded", () => {
  const duties: Duties = {
    requestedById: "r",
    registeredById: "ci",
    approvals: [{ slot: "validator", userId: "v" }],
  };
  const validator = (of: string): Person => ({ id: of, email: of, kind: "person", roles: ["validator"] });
  expect(eligibilityOf(validator("w"), duties)).toMatchObject({ slots: [] });
  expect(rejectionOf(validator("w"), duties)).toEqual({ slots: ["validator"], reason: null });
  expect(rejectionOf(validator("v"), duties).slots).toEqual(["validator"]);
  expect(rejectionOf(validator("r"), duties)).toMatchObject({
    slots: [],
    reason: expect.stringContaining("requested"),
  });
});

test("candidates are exactly those whom a click would not refuse", () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 8 }), start, (people, of) => {
      const duties = { ...of, approvals: [] };
      const named = people.map((each, index) => ({ ...each, email: `${index}` }));
      const candidates = candidatesFor(named, duties);
      for (const each of named) {
        for (const slot of SLOTS) {
          expect(candidates[slot].includes(each.email)).toBe(eligibilityOf(each, duties).slots.includes(slot));
        }
      }
    }),
  );
});
