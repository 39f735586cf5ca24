import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf } from "@/lib/digest";
import { inputsDifference, type PromotionInputs, promotionInputsOf } from "./promotion-inputs";

const text = fc.string({ maxLength: 8, unit: "grapheme-ascii" });
const inputs: fc.Arbitrary<PromotionInputs> = fc.record({
  contract: fc.record({ id: text, number: fc.nat(), digest: fc.option(text), state: text }),
  version: fc.record({ model: text, number: fc.nat(), digest: text, state: text }),
  evidence: fc.uniqueArray(fc.record({ kind: text, id: text, digest: text }), {
    selector: ({ id }) => id,
    maxLength: 4,
  }),
  endpoint: fc.record({ name: text, environment: text, tier: text, target: text, clock: text }),
  incumbent: fc.option(fc.record({ revision: text, specDigest: text })),
  specDigest: text,
});

test("the order in which the evidence was read does not change the digest", () => {
  fc.assert(
    fc.property(inputs, (of) => {
      const turned = { ...of, evidence: of.evidence.toReversed() };
      expect(digestOf(promotionInputsOf(turned))).toBe(digestOf(promotionInputsOf(of)));
    }),
  );
});

test("the digests differ exactly when there is a difference to show", () => {
  fc.assert(
    fc.property(inputs, inputs, (a, b) => {
      const [left, right] = [promotionInputsOf(a), promotionInputsOf(b)];
      expect(inputsDifference(left, right).length === 0).toBe(digestOf(left) === digestOf(right));
      expect(inputsDifference(left, promotionInputsOf(a))).toEqual([]);
    }),
  );
});

test("another field changed is a difference of that path", () => {
  fc.assert(
    fc.property(inputs, (of) => {
      const changed = { ...of, specDigest: `${of.specDigest}!` };
      expect(inputsDifference(of, changed)).toEqual([
        { path: "specDigest", before: of.specDigest, after: changed.specDigest },
      ]);
    }),
  );
});
