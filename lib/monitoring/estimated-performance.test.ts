import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aucOf } from "@/lib/monitoring/discrimination";
import { calibrated, estimatePerformance, estimateRows } from "@/lib/monitoring/estimated-performance";
import vectors from "@/lib/monitoring/vectors.json";

const identity = { score: [0, 1], probability: [0, 1] };

describe("agrees with the published vectors to 1e-9", () => {
  test("calibration is linear between the points of the isotonic fit and level beyond them", () => {
    const { x_thresholds, y_thresholds, query, fitted } = vectors.isotonic;
    for (const [i, at] of query.entries())
      expect(calibrated({ score: x_thresholds, probability: y_thresholds }, at)).toBeCloseTo(fitted[i] ?? -1, 9);
  });

  test("expected AUC, accuracy and Brier score of calibrated probabilities", () => {
    const found = estimateRows(
      vectors.cbpe.calibrated.map((p) => ({ n: 1, score: p, p })),
      0.5,
    );
    expect(found?.auc).toBeCloseTo(vectors.cbpe.auc, 9);
    expect(found?.accuracy).toBeCloseTo(vectors.cbpe.accuracy, 9);
    expect(found?.brier).toBeCloseTo(vectors.cbpe.brier_if_served_as_is, 9);
  });
});

test("by buckets the estimate is within 1e-4 of the one by rows", () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 20_000) / 20_000 + 1 / 40_000);
  const curved = (score: number) => score ** 1.3;
  const grid = Array.from({ length: 200 }, (_, i) => i / 199);
  const calibrator = { score: grid, probability: grid.map(curved) };
  const exact = estimateRows(
    rows.map((score) => ({ n: 1, score, p: calibrated(calibrator, score) })),
    0.5,
  );
  const counts = new Map<number, number>();
  for (const score of rows) counts.set(Math.floor(score * 1000), (counts.get(Math.floor(score * 1000)) ?? 0) + 1);
  const buckets = [...counts].map(([bucket, scored]) => ({ bucket, scored }));
  const found = estimatePerformance(buckets, calibrator, 0.5);
  for (const metric of ["auc", "accuracy", "brier", "f1"] as const)
    expect(Math.abs((found?.[metric] ?? 1) - (exact?.[metric] ?? 0)), metric).toBeLessThan(1e-4);
  expect(Math.abs((found?.logLoss ?? 1) - (exact?.logLoss ?? 0))).toBeLessThan(1e-3);
});

test("where outcomes follow the calibrated probabilities, the realised AUC is the estimated one", () => {
  // Of 1,000 rows in each bucket exactly the expected share is positive.
  const buckets = [50, 200, 350, 600, 900].map((bucket) => ({ bucket, scored: 1000 }));
  const found = estimatePerformance(buckets, identity, 0.5);
  const groups = buckets.map(({ bucket }) => ({ positive: bucket + 0.5, negative: 999.5 - bucket }));
  expect(found?.auc).toBeCloseTo(aucOf(groups)?.auc ?? 0, 9);
});

test("every estimate is a ratio, and a perfect separation is perfect", () => {
  const bucket = fc.record({ bucket: fc.integer({ min: 0, max: 999 }), scored: fc.integer({ min: 0, max: 1000 }) });
  fc.assert(
    fc.property(
      fc.array(bucket, { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (buckets, threshold) => {
        const found = estimatePerformance(buckets, identity, threshold);
        for (const value of [found?.auc, found?.accuracy, found?.brier, found?.f1]) {
          if (value === undefined || value === null) continue;
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
      },
    ),
  );
  const sure = { score: [0.4, 0.6], probability: [0, 1] };
  const ends = [
    { bucket: 100, scored: 10 },
    { bucket: 900, scored: 10 },
  ];
  expect(estimatePerformance(ends, sure, 0.5)).toMatchObject({ auc: 1, accuracy: 1, f1: 1 });
});

test("without rows, or without both outcomes to expect, there is no number", () => {
  expect(estimatePerformance([{ bucket: 3, scored: 0 }], identity, 0.5)).toBeNull();
  expect(estimatePerformance([{ bucket: 3, scored: 9 }], { score: [0], probability: [0] }, 0.5)?.auc).toBeNull();
});
