import { describe, expect, it } from "vitest";
import { burnWords, byReason, leftLine, leftShare, leftWords, spentWords } from "./slo-numbers";

describe("an error budget in words", () => {
  it("says how much is left, how much it is overspent, and claims nothing without traffic", () => {
    expect(leftWords({ left: 0.824 })).toBe("82.4\u00a0% left");
    expect(leftWords({ left: -0.12 })).toBe("spent, and 12\u00a0% more");
    expect(leftWords({ left: null })).toBe("unproven");
  });

  it("draws a bar that never leaves its frame", () => {
    expect([-3, 0.4, 1.5, null].map((left) => leftShare({ left }))).toEqual([0, 0.4, 1, 0]);
  });

  it("calls a window without requests one without traffic, not one without burn", () => {
    const window = { label: "1 h", seconds: 3600, bad: 0, burn: 0 };
    expect(burnWords({ ...window, n: 0 })).toBe("no traffic");
    expect(burnWords({ ...window, n: 100, bad: 6, burn: 6 })).toBe("6×");
  });

  it("counts how many requests may break the promise, also where the product is a whole number", () => {
    expect(spentWords({ n: 48_210, bad: 12, budget: 0.01 })).toBe("12 of 48,210 requests broke it; 482 may");
    expect(spentWords({ n: 1000, bad: 0, budget: 1 - 0.99 })).toBe("0 of 1,000 requests broke it; 10 may");
  });

  it("puts what is left out for the same reason together", () => {
    const items = [
      { clause: "a", reason: "few" },
      { clause: "b", reason: null },
      { clause: "c", reason: "few" },
    ];
    expect(byReason(items)).toEqual([
      { reason: "few", items: [items[0], items[2]] },
      { reason: "no reason is on record", items: [items[1]] },
    ]);
  });

  it("keeps a gap a gap, and is not led astray by the last point, which stands at this moment", () => {
    const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
    const { points, bucketMs } = leftLine({
      points: [
        { at: at(0), left: 1 },
        { at: at(6), left: null },
        { at: at(12), left: 0.5 },
        { at: at(13), left: 0.4 },
      ],
    });
    expect(points.map(({ value }) => value)).toEqual([1, null, 0.5, 0.4]);
    expect(bucketMs).toBe(6 * 3_600_000);
  });
});
