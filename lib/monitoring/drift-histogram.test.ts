import fc from "fast-check";
import { expect, test } from "vitest";
import { BIN } from "@/lib/inference/events";
import { type BaselineColumn, countBins, edgesOf } from "@/lib/monitoring/baseline";
import { driftHistogram } from "@/lib/monitoring/drift-histogram";

function columnOf(values: Float32Array, missing = 0): BaselineColumn {
  const bins = edgesOf(values);
  const { counts } = countBins(values, bins);
  return { name: "x", ...bins, counts, missing, unseen: 0, calendar: false, weekly: null, weeks: 0 };
}
const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);

test("at most 20 bars and two for what has no bin; each side adds up to all of its rows", () => {
  const value = fc.float({ min: -1000, max: 1000, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 500 }),
      fc.nat(50),
      fc.nat(50),
      (values, missing, unseen) => {
        const column = columnOf(Float32Array.from(values), missing);
        const window = new Map([...column.counts.entries(), [BIN.unseen, unseen], [BIN.missing, missing]]);
        const bars = driftHistogram(column, window);
        expect(bars.length).toBeLessThanOrEqual(22);
        expect(sum(bars.map(({ reference }) => reference))).toBeCloseTo(1, 9);
        expect(sum(bars.map((bar) => bar.window))).toBeCloseTo(1, 9);
      },
    ),
    { examples: [[[1, 2, 3], 0, 5]] },
  );
});

test("bars of a number hold about the same share of the reference", () => {
  const column = columnOf(Float32Array.from({ length: 10_000 }, (_, i) => i ** 2));
  const bars = driftHistogram(column, new Map([[99, 10]]));
  expect(bars).toHaveLength(20);
  for (const { reference } of bars) expect(reference).toBeCloseTo(0.05, 2);
  expect(bars.at(-1)).toMatchObject({ window: 1, label: expect.stringMatching(/^> /) });
});
