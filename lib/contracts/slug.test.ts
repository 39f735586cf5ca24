import fc from "fast-check";
import { expect, test } from "vitest";
import { slug } from "./schema";
import { proposeSlug } from "./slug";

test("a slug is proposed from the name", () => {
  expect(proposeSlug("  Flight delays (US), München ")).toBe("flight-delays-us-munchen");
});

test("whatever is proposed is a slug, or nothing", () => {
  const name = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: fc.constantFrom("a", "-", " ", "Z", "9"), maxLength: 200 }),
  );
  fc.assert(
    fc.property(name, (text) => {
      const proposed = proposeSlug(text);
      return proposed === "" || slug.safeParse(proposed).success;
    }),
  );
});
