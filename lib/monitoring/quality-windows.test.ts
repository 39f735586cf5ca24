import { expect, test } from "vitest";
import { type QualitySums, qualityEstimate } from "@/lib/monitoring/quality";
import { mergeSums, qualityWindows } from "@/lib/monitoring/quality-windows";

const DAY = 86_400_000;
const start = Date.parse("2001-05-01T00:00:00Z");
const dayName = (i: number) => new Date(start + i * DAY).toISOString().slice(0, 10);

/** A day on which of each 100 rows in a score bucket as many are positive as the score says, times `factor`. */
function sums(factor = 1, buckets = [100, 300, 500]): QualitySums {
  const groups = buckets.map((bucket) => {
    const positive = (factor * (bucket + 0.5)) / 10;
    return { bucket, scored: 100, positive, negative: 100 - positive, scoreSum: (bucket + 0.5) / 10 };
  });
  const rows = 100 * buckets.length;
  return {
    ...{
      scored: rows,
      labelled: rows,
      tp: 1,
      fp: 2,
      fn: 3,
      tn: 4,
      sumLog: 5,
      sumLog2: 6,
      sumSq: 7,
      sumSq2: 8,
      sumAbs: 9,
    },
    delay: { hours: [1, 4], n: [rows - 5, 5] },
    groups,
  };
}
const facts = {
  ...{ watermark: start + 20 * DAY, labelDelaySeconds: 86_400, threshold: 0.5 },
  calibrator: { score: [0, 1], probability: [0, 1] },
};

test("sums of days add, buckets by their number, whatever order they come in", () => {
  const merged = mergeSums([sums(1, [300, 500]), sums(1, [100, 300])]);
  expect(merged.groups.map(({ bucket, scored }) => [bucket, scored])).toEqual([
    [100, 100],
    [300, 200],
    [500, 100],
  ]);
  expect(merged).toMatchObject({ scored: 400, tp: 2, sumAbs: 18, delay: { hours: [1, 4], n: [390, 10] } });
});

test("one day that lacks the absolute error or the delay leaves the window without, not with less", () => {
  const merged = mergeSums([sums(), { ...sums(), sumAbs: null, delay: null }]);
  expect(merged).toMatchObject({ sumAbs: null, delay: null });
});

test("a window is seven days; it begins with the first whole one, and equals the metric over its days", () => {
  const days = Array.from({ length: 10 }, (_, i) => ({ day: dayName(i), ...sums() }));
  const windows = qualityWindows(days, facts);
  expect(windows.map(({ day }) => day)).toEqual([6, 7, 8, 9].map(dayName));
  expect(windows[0]?.scored).toBe(7 * 300);
  expect(windows[0]?.realised.auc).toEqual(qualityEstimate("auc", mergeSums(days.slice(0, 7))));
});

test("where outcomes follow the scores, the estimate is what was realised; where they do not, it cannot see it", () => {
  const days = Array.from({ length: 14 }, (_, i) => ({ day: dayName(i), ...sums(i < 7 ? 1 : 1.3) }));
  const windows = qualityWindows(days, facts);
  const [calm, breached] = [windows[0], windows.at(-1)];
  expect(calm?.realised.observedToExpected).toBeCloseTo(1, 9);
  expect(calm?.estimated?.auc).toBeCloseTo(calm?.realised.auc?.value ?? 0, 9);
  expect(breached?.realised.observedToExpected).toBeCloseTo(1.3, 9);
  expect(breached?.estimated).toEqual(calm?.estimated);
});

test("a window is unfinished until the labels of its last day are due; without a calibrator nothing is estimated", () => {
  const days = Array.from({ length: 8 }, (_, i) => ({ day: dayName(i), ...sums() }));
  const windows = qualityWindows(days, { ...facts, watermark: start + 8 * DAY, calibrator: null });
  expect(windows.map(({ unfinished }) => unfinished)).toEqual([false, true]);
  expect(windows.every(({ estimated }) => estimated === null)).toBe(true);
});
