import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_SERIES, type Series, topSeries, toRows } from "./series";

const line = (name: string, ...points: [at: number, value: number | null][]): Series => ({
  name,
  points: points.map(([at, value]) => ({ at, value })),
});

describe("toRows", () => {
  it("joins series on their buckets and leaves a hole where one has none", () => {
    const rows = toRows([line("a", [0, 1], [10, 2]), line("b", [10, 3])], 10);
    expect(rows.map(({ at, values }) => [at, values])).toEqual([
      [0, [1, null]],
      [10, [2, 3]],
    ]);
  });

  it("breaks the line where buckets are missing, and never writes zero", () => {
    const rows = toRows([line("a", [0, 1], [10, 2], [50, 3])], 10);
    expect(rows.map(({ at, values }) => [at, values[0]])).toEqual([
      [0, 1],
      [10, 2],
      [20, null],
      [50, 3],
    ]);
  });

  it("keeps a measured zero apart from nothing measured", () => {
    expect(toRows([line("a", [0, 0], [10, null])], 10).map(({ values }) => values[0])).toEqual([0, null]);
  });

  it("draws the growing bucket apart, joined to the last finished one", () => {
    const rows = toRows([line("a", [0, 1], [10, 2], [20, 3])], 10, 20);
    expect(rows.map(({ finished }) => finished[0])).toEqual([1, 2, null]);
    expect(rows.map(({ growing }) => growing[0])).toEqual([null, 2, 3]);
  });

  it("marks the points that no line reaches", () => {
    const rows = toRows([line("a", [0, 1], [10, null], [20, 3], [30, null], [40, 5], [50, 6])], 10);
    expect(rows.map(({ alone }) => alone[0])).toEqual([true, false, true, false, false, false]);
  });

  it("shows every measured value exactly once, whatever is missing", () => {
    const points = fc.uniqueArray(fc.tuple(fc.nat(500), fc.option(fc.integer({ min: -9, max: 9 }))), {
      selector: ([bucket]) => bucket,
    });
    fc.assert(
      fc.property(points, (chosen) => {
        const sorted = chosen.toSorted(([a], [b]) => a - b);
        const rows = toRows([line("a", ...sorted.map(([n, v]): [number, number | null] => [n * 10, v]))], 10);
        const shown = rows.flatMap(({ at, values }) => (typeof values[0] === "number" ? [[at / 10, values[0]]] : []));
        expect(shown).toEqual(sorted.filter(([, value]) => value !== null));
      }),
    );
  });
});

describe("topSeries", () => {
  it("keeps all up to eight", () => {
    const eight = Array.from({ length: MAX_SERIES }, (_, n) => line(`s${n}`, [0, n]));
    expect(topSeries(eight)).toBe(eight);
  });

  it("keeps the eight with the highest mean, in their order; without measurement comes last", () => {
    const many = [line("none", [0, null]), ...Array.from({ length: 10 }, (_, n) => line(`s${n}`, [0, n], [1, n]))];
    expect(topSeries(many).map(({ name }) => name)).toEqual(["s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"]);
  });
});
