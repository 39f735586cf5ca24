import { expect, test } from "vitest";
import { LatencyHistogram } from "./latency-histogram";

test("counts cumulatively, a latency equal to a bound within it", () => {
  const histogram = new LatencyHistogram([20, 1, 5]);
  for (const us of [999, 1000, 1001, 5000, 20_001]) histogram.observe(us);
  expect(histogram.buckets()).toEqual([
    { le: "0.001", count: 2 },
    { le: "0.005", count: 4 },
    { le: "0.02", count: 4 },
    { le: "+Inf", count: 5 },
  ]);
  expect(histogram.sumSeconds).toBeCloseTo(0.028_001, 9);
});

test("without bounds there is one bucket", () => {
  const histogram = new LatencyHistogram([]);
  histogram.observe(7);
  expect(histogram.buckets()).toEqual([{ le: "+Inf", count: 1 }]);
});
