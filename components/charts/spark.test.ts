import { describe, expect, it } from "vitest";
import { spark } from "./spark";

describe("spark", () => {
  it("draws from the lowest at the bottom to the highest at the top", () => {
    expect(spark([0, 10], null, 100, 24).path).toBe("M0 22 L100 2");
  });

  it("lifts the pen over a gap and dots a lone point", () => {
    const { path, dots } = spark([1, 1, null, 1, null, 1, 1], 1, 60, 24);
    expect(path).toBe("M0 12 L10 12 M50 12 L60 12");
    expect(dots).toEqual([{ x: 30, y: 12 }]);
  });

  it("keeps the signed line in view when all values are far from it", () => {
    expect(spark([5, 6], 30, 100, 24).signedY).toBe(2);
    expect(spark([5, 6], null, 100, 24).signedY).toBeNull();
  });
});
