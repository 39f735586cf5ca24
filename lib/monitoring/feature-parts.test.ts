import fc from "fast-check";
import { expect, test } from "vitest";
import { BIN } from "@/lib/inference/events";
import { type BaselineColumn, binOf, countBins, edgesOf } from "@/lib/monitoring/baseline";
import { featureParts } from "@/lib/monitoring/feature-parts";

function columnOf(values: Float32Array): BaselineColumn {
  const bins = edgesOf(values);
  const { counts } = countBins(values, bins);
  return { name: "x", ...bins, counts, missing: 0, unseen: 0, calendar: false, weekly: null, weeks: 0 };
}
const bin = (number: number, n: number, labelled = n, positive = 0, scoreSum = 0, errorSquares = 0) => ({
  ...{ bin: number, n, labelled, positive, scoreSum, errorSquares },
});

test("a number falls into quarters of the reference, and the parts hold every row once", () => {
  const value = fc.float({ min: Math.fround(-1e6), max: Math.fround(1e6), noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 400 }), fc.array(value), (reference, current) => {
      const column = columnOf(Float32Array.from(reference));
      const byBin = new Map<number, number>();
      for (const each of Float32Array.from(current)) {
        const number = binOf(each, column);
        byBin.set(number, (byBin.get(number) ?? 0) + 1);
      }
      const parts = featureParts(
        column,
        [...byBin].map(([number, n]) => bin(number, n)),
      );
      expect(parts.reduce((sum, { n }) => sum + n, 0)).toBe(current.length);
    }),
  );
  const column = columnOf(Float32Array.from({ length: 1000 }, (_, i) => i));
  const parts = featureParts(
    column,
    column.counts.map((n, i) => bin(i, n)),
  );
  expect(parts.map(({ label }) => label)).toEqual(["≤ 249", "249 to 499", "499 to 749", "> 749"]);
  expect(parts.map(({ n }) => n)).toEqual([250, 250, 250, 250]);
});

test("few values are parts of their own; what the reference never had and no value are named", () => {
  const column = columnOf(Float32Array.from([0, 1, 1, 7]));
  const parts = featureParts(column, [bin(0, 5), bin(2, 9), bin(BIN.unseen, 3), bin(BIN.missing, 1)]);
  expect(parts.map(({ label, n }) => [label, n])).toEqual([
    ["= 0", 5],
    ["= 7", 9],
    ["a value that the reference never had", 3],
    ["no value", 1],
  ]);
});

test("the gap is observed less expected, with the interval of a mean; without labels there is none", () => {
  const column = columnOf(Float32Array.from([0, 1]));
  // 100 labelled rows at score .3, of which 40 are positive.
  const errors = 40 * 0.7 ** 2 + 60 * 0.3 ** 2;
  const [zero, one] = featureParts(column, [bin(0, 120, 100, 40, 30, errors), bin(1, 10, 0)]);
  expect(zero).toMatchObject({ n: 120, labelled: 100, observed: 0.4, expected: 0.3 });
  expect(zero?.gap?.value).toBeCloseTo(0.1, 12);
  expect((zero?.gap?.high ?? 0) - (zero?.gap?.value ?? 0)).toBeCloseTo(1.96 * Math.sqrt(0.24 / 99), 4);
  expect(one).toMatchObject({ n: 10, observed: null, gap: null, brier: null });
});
