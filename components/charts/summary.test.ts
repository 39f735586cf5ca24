import { describe, expect, it } from "vitest";
import { type Series, toRows } from "./series";
import { summarise } from "./summary";

const from = Date.UTC(2001, 3, 23, 4, 20);
const minute = 60_000;

function summaryOf(values: readonly (number | null)[]): string {
  const series: Series[] = [{ name: "p99", points: values.map((value, n) => ({ at: from + n * minute, value })) }];
  return summarise({
    label: "Latency",
    unit: "ms",
    from,
    to: from + 60 * minute,
    bucketMs: minute,
    series,
    rows: toRows(series, minute),
    signed: [{ label: "p99 signed 30 ms", value: 30, worse: "up", series: "p99" }],
    changes: [{ at: from + minute, label: "v7 100 %" }],
  }).replaceAll("\u00a0", " ");
}

describe("summarise", () => {
  it("tells range, extremes, breaches, gaps and changes", () => {
    expect(summaryOf([17, 31.25, null, 27.84])).toBe(
      "Latency, from 2001-04-23 04:20:00 UTC to 2001-04-23 05:20:00 UTC, in buckets of 1 min. p99 signed 30 ms. " +
        "p99: last 27.8 ms, lowest 17 ms, highest 31.3 ms, 1 of 3 buckets beyond the signed 30 ms, 1 without measurement. " +
        "Changes: v7 100 % at 2001-04-23 04:21:00 UTC.",
    );
  });

  it("says when nothing was measured", () => {
    expect(summaryOf([null])).toContain("p99: no measurements.");
  });
});
