import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Role } from "@/lib/auth/schema";
import { missingSlots, SIGNATURE_SLOTS, type SignatureSlot, type SigningState, signingOf } from "./contract-signing";

const person = (id: string, ...roles: Role[]) => ({ id, kind: "person" as const, roles });
const submitted = (...signatures: SigningState["signatures"][number][]): SigningState => ({
  state: "submitted",
  digest: "d",
  signatures,
});

describe("refuses a signature", () => {
  test("of a service account, and of a person without the role", () => {
    expect(signingOf({ id: "ci", kind: "service", roles: ["owner"] }, submitted())).toMatchObject({
      code: "forbidden",
    });
    expect(signingOf(person("a", "finance"), submitted())).toMatchObject({ code: "forbidden" });
    expect(signingOf(person("a", "owner"), submitted(), "sre")).toMatchObject({ code: "forbidden" });
  });
  test("of the same person twice, also in another role", () => {
    const contract = submitted({ slot: "owner", userId: "a" });
    expect(signingOf(person("a", "owner", "sre"), contract, "sre")).toEqual({
      ok: false,
      code: "forbidden",
      reason: "You already signed as owner: the three signatures come from three persons.",
    });
  });
  test("in a slot that is taken", () => {
    const contract = submitted({ slot: "owner", userId: "b" });
    expect(signingOf(person("a", "owner"), contract)).toMatchObject({ code: "conflict" });
  });
  test.each(["draft", "signed", "withdrawn"] as const)("of a contract that is %s", (state) => {
    expect(signingOf(person("a", "owner"), { ...submitted(), state })).toMatchObject({ code: "conflict" });
  });
  test("without a slot where several are open to the person", () => {
    expect(signingOf(person("a", "owner", "sre"), submitted())).toMatchObject({ code: "invalid" });
    expect(signingOf(person("a", "owner", "sre"), submitted(), "sre")).toEqual({ ok: true, slot: "sre" });
    const contract = submitted({ slot: "owner", userId: "b" });
    expect(signingOf(person("a", "owner", "sre"), contract)).toEqual({ ok: true, slot: "sre" });
  });
});

test("whoever tries in whatever order: three slots are filled by three persons who have the roles, or not all are filled", () => {
  const people = fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[a-e]$/),
      kind: fc.constantFrom("person" as const, "service" as const),
      roles: fc.subarray<Role>(["owner", "sre", "governance", "finance"]),
    }),
    { selector: ({ id }) => id, minLength: 1 },
  );
  const attempts = fc.array(
    fc.record({ who: fc.nat(), slot: fc.option(fc.constantFrom(...SIGNATURE_SLOTS), { nil: undefined }) }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(people, attempts, (all, tries) => {
      const signatures: { slot: SignatureSlot; userId: string }[] = [];
      for (const { who, slot } of tries) {
        const signer = all[who % all.length];
        const signing = signer && signingOf(signer, submitted(...signatures), slot);
        if (signer && signing?.ok) signatures.push({ slot: signing.slot, userId: signer.id });
      }
      const distinct = new Set(signatures.map(({ userId }) => userId)).size === signatures.length;
      const entitled = signatures.every(({ slot, userId }) => {
        const signer = all.find(({ id }) => id === userId);
        return signer?.kind === "person" && signer.roles.includes(slot);
      });
      expect(distinct && entitled && new Set(signatures.map(({ slot }) => slot)).size === signatures.length).toBe(true);
      expect(missingSlots(signatures)).toHaveLength(3 - signatures.length);
    }),
  );
});
