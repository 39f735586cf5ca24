import fc from "fast-check";
import { expect, test } from "vitest";
import { MIG_SLICES, type MigKind, mostOf, packMig } from "@/lib/serving/mig-packing";

const KINDS = Object.keys(MIG_SLICES) as MigKind[];
const times = (count: number, kind: MigKind) => Array.from({ length: count }, () => kind);

/** Every multiset of these kinds that fits, the empty one not among them. */
function layouts(kinds: readonly MigKind[]): MigKind[][] {
  const from = (start: number, chosen: readonly MigKind[]): MigKind[][] =>
    kinds.flatMap((kind, index) => {
      if (index < start) return [];
      const next = [...chosen, kind];
      return packMig(next) ? [next, ...from(index, next)] : [];
    });
  return from(0, []);
}

test.each([
  ["1g", 7],
  ["1g.me", 1],
  ["1g.double", 4],
  ["2g", 3],
  ["3g", 2],
  ["4g", 1],
  ["7g", 1],
] as const)("an empty GPU takes of %s as many as NVIDIA says: %i", (kind, count) => {
  expect(mostOf(kind)).toBe(count);
});

test.each([
  ["the balanced layout", ["1g", "1g", "2g", "3g"]],
  ["four and three", ["4g", "3g"]],
  ["one, two and four", ["4g", "2g", "1g"]],
  ["three twos and a one", ["2g", "2g", "2g", "1g"]],
  ["three twos and a one with double memory", ["2g", "2g", "2g", "1g.double"]],
  ["one media instance beside six others", ["1g.me", ...times(6, "1g")]],
] as [string, MigKind[]][])("%s fits", (_name, kinds) => {
  expect(packMig(kinds)).toHaveLength(kinds.length);
});

test.each([
  ["three and three leave no memory for a one", ["3g", "3g", "1g"]],
  ["two fours", ["4g", "4g"]],
  ["seven and one", ["7g", "1g"]],
  ["eight ones", times(8, "1g")],
  ["two media instances", ["1g.me", "1g.me"]],
  ["four twos have the memory, and not the compute slices", times(4, "2g")],
] as [string, MigKind[]][])("%s: refused", (_name, kinds) => {
  expect(packMig(kinds)).toBeNull();
});

test("on an empty GPU the search finds a place wherever the slices add up", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...KINDS), { maxLength: 8 }), (kinds) => {
      const total = (what: "compute" | "memory") => kinds.reduce((all, kind) => all + MIG_SLICES[kind][what], 0);
      const media = kinds.filter((kind) => kind === "1g.me").length;
      expect(packMig(kinds) !== null).toBe(total("compute") <= 7 && total("memory") <= 8 && media <= 1);
    }),
    { numRuns: 2000 },
  );
});

test("there are 77 layouts, 28 of them maximal; without the double memory 37 and 12", () => {
  const count = (kinds: readonly MigKind[]) => {
    const all = layouts(kinds);
    const maximal = all.filter((layout) => kinds.every((kind) => packMig([...layout, kind]) === null));
    return [all.length, maximal.length];
  };
  expect(count(["1g", "1g.double", "2g", "3g", "4g", "7g"])).toEqual([77, 28]);
  expect(count(["1g", "2g", "3g", "4g", "7g"])).toEqual([37, 12]);
});

test("what is placed overlaps nowhere, and any order of the same instances says the same", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...KINDS), { maxLength: 8 }), (kinds) => {
      const placed = packMig(kinds);
      expect(packMig([...kinds].reverse()) === null).toBe(placed === null);
      const slices = (placed ?? []).flatMap(({ kind, start }) =>
        Array.from({ length: MIG_SLICES[kind].memory }, (_, i) => start + i),
      );
      expect(new Set(slices).size).toBe(slices.length);
      expect(slices.every((slice) => slice < 8)).toBe(true);
    }),
  );
});
