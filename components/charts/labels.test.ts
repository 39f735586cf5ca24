import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeMarks, reservedWidth, spread } from "./labels";

describe("spread", () => {
  it("leaves labels where they are when they do not touch", () => {
    expect(spread([10, 50], 12, 0, 100).map(({ y }) => y)).toEqual([10, 50]);
  });

  it("keeps the order, the distance and the bounds while there is room", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 150, noNaN: true }), { maxLength: 8 }), (ys) => {
        const placed = spread(ys, 12, 0, 150);
        expect(placed.map(({ index }) => index)).toEqual(ys.map((_, index) => index));
        const sorted = placed.map(({ y }) => y).sort((a, b) => a - b);
        for (const [index, y] of sorted.entries()) {
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(150);
          const before = sorted[index - 1];
          if (before !== undefined) expect(y - before).toBeGreaterThanOrEqual(12 - 1e-9);
        }
      }),
    );
  });
});

describe("placeMarks", () => {
  it("puts a label that meets the one before on the next line", () => {
    const [first, second] = placeMarks(
      [
        { x: 10, label: "canary 10 %" },
        { x: 40, label: "v7 100 %" },
      ],
      600,
    );
    expect([first?.row, second?.row]).toEqual([0, 1]);
  });

  it("turns a label at the right end to the left", () => {
    expect(placeMarks([{ x: 580, label: "v7 100 %" }], 600)[0]?.side).toBe("left");
  });

  it("drops the label and keeps the rule where no line is free", () => {
    const crowd = Array.from({ length: 5 }, (_, n) => ({ x: 10 + n, label: "contract signed" }));
    expect(placeMarks(crowd, 600).filter((mark) => mark === null)).toHaveLength(2);
  });

  it("never lies over the name of a signed line", () => {
    const reserved = reservedWidth([
      { text: "Throughput ceiling signed 600 requests/s", y: 20 },
      { text: "far below, and therefore of no matter at all to the marks", y: 120 },
    ]);
    expect(reserved).toBeLessThan(300);
    const marks = [
      { x: 20, label: "v1 serves" },
      { x: 320, label: "v2 serves" },
    ];
    expect(placeMarks(marks, 600, reserved).map((mark) => mark !== null)).toEqual([false, true]);
  });
});
