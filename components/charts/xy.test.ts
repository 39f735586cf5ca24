import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasHole, placeOn, toXyRows, type XySeries, xScale, yScale } from "./xy";

const line = (points: readonly (readonly [number, number | null])[], name = "p99"): XySeries => ({
  name,
  colour: 0,
  points: points.map(([x, y]) => ({ x, y })),
});

describe("yScale", () => {
  it("holds every value and every promise, with rising ticks, on both kinds of scale", () => {
    const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), positive, (values, signed) => {
        const scale = yScale({
          series: [line(values.map((y, x) => [x, y]))],
          signed: [{ label: "signed", x: 1, y: signed, kept: null }],
        });
        for (const value of [...values, signed]) {
          expect(placeOn(scale, value)).toBeGreaterThanOrEqual(0);
          expect(placeOn(scale, value)).toBeLessThanOrEqual(1);
        }
        expect(scale.ticks).toEqual([...scale.ticks].sort((a, b) => a - b));
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it("is even and starts at zero for values of one size", () => {
    const scale = yScale({
      series: [
        line([
          [100, 10],
          [200, 30],
        ]),
      ],
      signed: [],
    });
    expect(scale).toEqual({ min: 0, max: 40, ticks: [0, 10, 20, 30, 40], log: false });
  });

  it("goes by powers of ten where the knee is far above the rest", () => {
    const scale = yScale({
      series: [
        line([
          [100, 1.3],
          [900, 480],
        ]),
      ],
      signed: [],
    });
    expect(scale).toMatchObject({ log: true, min: 1, max: 1000 });
  });

  it("is drawn although nothing was measured", () => {
    expect(yScale({ series: [line([[1, null]])], signed: [] }).ticks).toEqual([0, 1]);
  });
});

describe("xScale", () => {
  it("goes by powers of ten where the rates doubled many times, so that the low ones can be told apart", () => {
    const scale = xScale({
      series: [
        line([
          [75, 1],
          [9600, 1],
        ]),
      ],
      signed: [],
      marks: [],
    });
    expect(scale).toMatchObject({ log: true, min: 50, max: 10_000 });
    expect(placeOn(scale, 75)).toBeGreaterThan(0);
    expect(placeOn(scale, 9600)).toBeLessThan(1);
  });

  it("has room for a promise beyond the last measured rate", () => {
    const { max } = xScale({
      series: [line([[100, 1]])],
      signed: [{ label: "s", x: 400, y: 1, kept: null }],
      marks: [],
    });
    expect(max).toBeGreaterThan(400);
  });
});

describe("rows", () => {
  it("put what was measured at one x side by side and leave a gap where a series has nothing", () => {
    expect(toXyRows([line([[200, 2]]), line([[100, 7]], "k6")])).toEqual([
      { x: 100, values: [null, 7] },
      { x: 200, values: [2, null] },
    ]);
  });

  it("tell a hole inside a series from a missing end", () => {
    expect(
      hasHole(
        line([
          [1, 1],
          [2, null],
          [3, 2],
        ]),
      ),
    ).toBe(true);
    expect(
      hasHole(
        line([
          [1, null],
          [2, 1],
          [3, null],
        ]),
      ),
    ).toBe(false);
    expect(hasHole(line([[1, null]]))).toBe(false);
  });
});
