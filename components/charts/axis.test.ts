import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breachAreas, formatTick, timeTicks, valueScale } from "./axis";
import { type SignedLine, toRows } from "./series";

const rowsOf = (values: readonly number[]) =>
  toRows([{ name: "a", points: values.map((value, at) => ({ at, value })) }], 1);
const limit = (value: number, worse: "up" | "down" = "up"): SignedLine => ({ label: "signed", value, worse });
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe("valueScale", () => {
  it("holds every value and every signed line, with rising ticks", () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), fc.array(number), (values, lines) => {
        const { min, max, ticks } = valueScale(
          rowsOf(values),
          lines.map((value) => limit(value)),
        );
        expect(min).toBeLessThanOrEqual(Math.min(...values, ...lines) + 1e-6 * (max - min));
        expect(max).toBeGreaterThanOrEqual(Math.max(...values, ...lines) - 1e-6 * (max - min));
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
        expect(new Set(ticks).size).toBe(ticks.length);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
      }),
      {
        examples: [
          [[0], []],
          [[5, 5], [5]],
        ],
      },
    );
  });

  it("starts at zero for latencies and leaves room beyond the signed line", () => {
    expect(valueScale(rowsOf([17, 27]), [limit(30)])).toEqual({ min: 0, max: 40, ticks: [0, 10, 20, 30, 40] });
  });

  it("does not flatten a ratio near one", () => {
    const { min, max } = valueScale(rowsOf([0.9997, 0.9999]), [limit(0.999, "down")]);
    expect(min).toBeGreaterThan(0.99);
    expect(min).toBeLessThan(0.999);
    expect(max).toBeLessThanOrEqual(1.0005);
  });

  it("shows no ratio above all there is", () => {
    expect(valueScale(rowsOf([1, 1]), [], 1).max).toBe(1);
    expect(valueScale(rowsOf([0.9999, 1]), [limit(0.999, "down")], 1).max).toBe(1);
  });

  it("writes ticks without the dust of binary fractions", () => {
    expect(valueScale(rowsOf([0.01, 0.034]), [limit(0.025)]).ticks).toEqual([0, 0.01, 0.02, 0.03, 0.04]);
  });

  it("has a range when there is nothing to show", () => {
    expect(valueScale([], [])).toEqual({ min: 0, max: 1, ticks: [0, 1] });
  });
});

describe("breachAreas", () => {
  const scale = { min: 0, max: 40, ticks: [] };

  it("shades beyond the outermost line of a direction", () => {
    expect(breachAreas([limit(15), limit(30)], scale)).toEqual([{ from: 30, to: 40 }]);
  });

  it("shades below a floor", () => {
    expect(breachAreas([limit(10, "down")], scale)).toEqual([{ from: 0, to: 10 }]);
  });

  it("shades nothing without a signed line", () => {
    expect(breachAreas([], scale)).toEqual([]);
  });
});

describe("time axis", () => {
  const at = (text: string) => Date.parse(`${text}Z`);

  it("puts ticks on round UTC times", () => {
    const ticks = timeTicks(at("2001-04-23T04:20"), at("2001-04-23T05:20"), 6);
    expect(ticks.map((tick) => formatTick(tick, 3_600_000))).toEqual([
      "04:20",
      "04:30",
      "04:40",
      "04:50",
      "05:00",
      "05:10",
      "05:20",
    ]);
  });

  it("names the day at midnight, and only days on a long axis", () => {
    expect(formatTick(at("2001-04-24T00:00"), 86_400_000)).toBe("24 Apr");
    expect(formatTick(at("2001-04-24T06:00"), 30 * 86_400_000)).toBe("24 Apr");
    expect(formatTick(at("2001-04-24T06:00"), 900 * 86_400_000)).toBe("Apr 2001");
    expect(formatTick(at("2001-04-24T06:00:05"), 60_000)).toBe("06:00:05");
  });

  it("never makes more ticks than asked for, and all inside the range", () => {
    const start = fc.integer({ min: 0, max: 2e12 });
    const span = fc.integer({ min: 1000, max: 1e12 });
    fc.assert(
      fc.property(start, span, fc.integer({ min: 2, max: 12 }), (from, length, count) => {
        const ticks = timeTicks(from, from + length, count);
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
        expect(ticks.every((tick) => tick >= from && tick <= from + length)).toBe(true);
      }),
    );
  });
});
