import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FeatureConfig } from "@/lib/inference/desired-state";
import { BIN, VIOLATION } from "@/lib/inference/events";
import { RowMarker } from "./row-bins";

type Column = { edges: number[]; exact: boolean };
const anything: Column = { edges: [], exact: false };

function binOf(column: Column, value: number): number {
  const marker = new RowMarker({ baseline: { id: 7, columns: [anything, column] } }, 1);
  marker.mark(Float32Array.of(value), 0, 0.5);
  expect(marker.bins[0]).toBe(0);
  return marker.bins[1] as number;
}

const feature = (more: Partial<FeatureConfig> = {}): FeatureConfig => ({
  ...{ name: "f", type: "number", min: null, max: null, missing: "allowed" },
  ...more,
});

/** Of rows with one value per declared feature. */
function violationsOf(features: FeatureConfig[], ...values: number[]): number[] {
  const marker = new RowMarker({ features }, features.length);
  marker.mark(Float32Array.from(values), 0, 0);
  return [...marker.violations.subarray(0, marker.violationCount)];
}

describe("bins", () => {
  test("an edge belongs to the bin below it", () => {
    const column = { edges: [1, 2, 3], exact: false };
    expect([0.5, 1, 1.5, 2, 3, 3.5].map((value) => binOf(column, value))).toEqual([0, 0, 1, 1, 2, 3]);
  });

  test("a value that the reference never had is unseen where all values are known", () => {
    const column = { edges: [0, 1, 5], exact: true };
    expect([0, 1, 5, 4, -1, 6].map((value) => binOf(column, value))).toEqual([0, 1, 2, 254, 254, 254]);
    expect(binOf({ edges: [], exact: true }, 1)).toBe(BIN.unseen);
  });

  test("a missing value is missing in every column", () => {
    expect(binOf({ edges: [0], exact: true }, Number.NaN)).toBe(BIN.missing);
    expect(binOf({ edges: [0], exact: false }, Number.NaN)).toBe(BIN.missing);
  });

  test("a decimal is the known value it was rounded from", () => {
    expect(binOf({ edges: [0.1, 0.2, 0.3], exact: true }, 0.2)).toBe(1);
    expect(binOf({ edges: [0.1, 0.2, 0.3], exact: false }, 0.2)).toBe(1);
  });

  test("the bin is the number of edges below the value, for any edges and value", () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(float, { maxLength: 252, comparator: (a, b) => a === b }),
        float,
        fc.boolean(),
        (some, other, exact) => {
          const edges = some.map((edge) => edge + 0).sort((a, b) => a - b);
          for (const value of [other, ...edges.slice(0, 5)]) {
            const below = edges.filter((edge) => edge < value).length;
            const expected = exact && !edges.includes(value + 0) ? BIN.unseen : below;
            expect(binOf({ edges, exact }, value)).toBe(expected);
          }
        },
      ),
    );
  });

  test("without a baseline there are none", () => {
    const marker = new RowMarker({}, 3);
    marker.mark(Float32Array.of(1, 2, 3), 0, 0.5);
    expect([marker.baseline, marker.bins.length, marker.violationCount]).toEqual([0, 0, 0]);
  });

  test("each row is marked by its own place in the batch, the score first", () => {
    const columns = [
      { edges: [0.5], exact: false },
      { edges: [10], exact: false },
      { edges: [1, 2], exact: true },
    ];
    const marker = new RowMarker({ baseline: { id: 3, columns } }, 2);
    marker.mark(Float32Array.of(9, 9, 11, 2), 2, 0.75);
    expect([...marker.bins]).toEqual([1, 1, 1]);
  });
});

describe("violations", () => {
  test("names the feature and how it breaks its declaration", () => {
    const features = [feature({ min: 0, max: 10 }), feature(), feature({ type: "integer", min: 1 })];
    expect(violationsOf(features, 0, 1e9, 1)).toEqual([]);
    expect(violationsOf(features, 10.5, 0, 2.5)).toEqual([0 + VIOLATION.range, 8 + VIOLATION.type]);
    expect(violationsOf(features, -1, 0, 0.5)).toEqual([0, 8 + VIOLATION.range, 8 + VIOLATION.type]);
  });

  test("a missing value breaks neither range nor type", () => {
    expect(violationsOf([feature({ type: "integer", min: 0, max: 1 })], Number.NaN)).toEqual([]);
  });

  test("a bound that 32 bits cannot hold is not broken by the value equal to it", () => {
    expect(violationsOf([feature({ min: 0.1, max: 0.1 })], 0.1)).toEqual([]);
  });
});

test("what does not fit the model or cannot be a bin is refused in words", () => {
  const columns = (n: number) => Array.from({ length: n }, () => anything);
  expect(() => new RowMarker({ baseline: { id: 4, columns: columns(2) } }, 2)).toThrow(
    "baseline 4 has 2 columns, expected 3",
  );
  expect(() => new RowMarker({ features: [feature()] }, 2)).toThrow(
    "the contract declares 1 features, the model takes 2",
  );
  const withEdges = (edges: number[]) => ({ baseline: { id: 4, columns: [anything, { edges, exact: false }] } });
  expect(() => new RowMarker(withEdges([2, 1]), 1)).toThrow("baseline 4, column 1: the edges do not ascend");
  const many = Array.from({ length: 253 }, (_, k) => k);
  expect(() => new RowMarker(withEdges(many), 1)).toThrow("253 edges, too many");
});
