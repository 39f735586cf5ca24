import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatInterval,
  formatNumber,
  formatPercent,
  formatQuantity,
  formatRelative,
  formatUtc,
} from "./format";

/** Compares with plain spaces where the text has ones that do not break. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("numbers", () => {
  it.each([
    [27.84, "27.8"],
    [0.013_149, "0.0131"],
    [1234.5, "1,230"],
    [0, "0"],
    [-0, "0"],
    [-6.125, "-6.13"],
    [1.234e-8, "1.23e-8"],
    [Number.NaN, "—"],
    [Number.POSITIVE_INFINITY, "∞"],
    [Number.NEGATIVE_INFINITY, "-∞"],
  ])("writes %d with at most three significant digits: %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it("never shows more than three significant digits and never strays by more than half of the last", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const text = formatNumber(value);
        const digits = text.replaceAll(",", "").replace(".", "").replace(/^0+/, "").replace(/0+$/, "");
        expect(digits.length).toBeLessThanOrEqual(3);
        expect(Math.abs(Number(text.replaceAll(",", "")) / value - 1)).toBeLessThanOrEqual(0.005_001);
      }),
    );
  });

  it.each([
    [48_210, "48,210"],
    [999_999, "999,999"],
    [999_999.7, "1 M"],
    [1_200_000, "1.2 M"],
    [999_600_000, "1 bn"],
    [3_415_000_000, "3.42 bn"],
  ])("writes the count %d exactly below a million: %s", (value, text) => {
    expect(plain(formatCount(value))).toBe(text);
  });

  it("keeps the exact value beside the rounded one", () => {
    expect(formatQuantity(27.843_21, "ms")).toEqual({ text: "27.8\u00a0ms", exact: "27.84321\u00a0ms" });
    expect(formatQuantity(0.1234567, "ratio")).toEqual({ text: "12.3\u00a0%", exact: "0.1234567" });
    expect(formatQuantity(1_234_567, "count")).toEqual({ text: "1.23\u00a0M", exact: "1,234,567" });
    expect(formatQuantity(0.758_12, "1")).toEqual({ text: "0.758", exact: "0.75812" });
  });

  it("writes an interval with a dash for an end that is not known", () => {
    expect(formatInterval(25.21, 31)).toBe("25.2 – 31");
    expect(plain(formatInterval(null, 0.033, "ratio"))).toBe("— – 3.3 %");
  });

  it.each([
    [0, "0 B"],
    [512, "512 B"],
    [42_100, "42.1 kB"],
    [1_073_741_824, "1.07 GB"],
    [5e15, "5,000 TB"],
  ])("writes %d bytes as %s", (value, text) => {
    expect(plain(formatBytes(value))).toBe(text);
  });
});

describe("percent", () => {
  it.each([
    [0.824, "82.4 %"],
    [0.999_82, "99.982 %"],
    [0.999_999, "99.9999 %"],
    [0.995, "99.5 %"],
    [1, "100 %"],
    [0, "0 %"],
    [1.2, "120 %"],
  ])("writes %d as %s", (ratio, text) => {
    expect(plain(formatPercent(ratio))).toBe(text);
  });

  it("never rounds something short of everything up to 100 %", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1 - 1e-9, noNaN: true }), (ratio) => {
        expect(plain(formatPercent(ratio))).not.toBe("100 %");
      }),
    );
  });
});

describe("time", () => {
  const now = Date.UTC(2026, 10, 24, 14, 0, 0);

  it.each([
    [0, "just now"],
    [40_000, "40 s ago"],
    [119_000, "1 min ago"],
    [7_200_000, "2 h ago"],
    [11 * 86_400_000, "11 d ago"],
    [61 * 86_400_000, "24 Sep 2026"],
    [-13 * 86_400_000, "in 13 d"],
    [-(12 * 3_600_000 - 9000), "in 12 h"],
  ])("tells that %d ms ago is %s", (age, text) => {
    expect(plain(formatRelative(now - age, now))).toBe(text);
  });

  it.each([
    [6.12, "6.12 ms"],
    [412_000, "6.87 min"],
    [900_000, "15 min"],
    [23_400_000, "6.5 h"],
    [2_592_000_000, "30 d"],
  ])("writes %d ms as %s", (ms, text) => {
    expect(plain(formatDuration(ms))).toBe(text);
  });

  it("writes the exact time in UTC, with milliseconds only where there are any", () => {
    expect(formatUtc(now)).toBe("2026-11-24 14:00:00 UTC");
    expect(formatUtc(now + 7)).toBe("2026-11-24 14:00:00.007 UTC");
    expect(formatDate(now)).toBe("24 Nov 2026");
  });
});
