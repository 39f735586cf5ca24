import { expect, test } from "vitest";
import type { DriftColumn } from "@/lib/monitoring/drift-view";
import { DRIFT_FILTERS, driftHead, oneOf, pText, shownFeatures } from "./drift-numbers";

function column(name: string, of: Partial<DriftColumn> & { readonly at?: number } = {}): DriftColumn {
  const { at, ...rest } = of;
  return {
    ...{ name, untested: null, changed: false, p: 0.5, corrected: 0.5, effectKind: "D", limit: 0.1, beyond: false },
    ...{ importance: null, weight: null, missing: 0, missingReference: 0, unseen: null, outOfRange: null },
    ...{ typeChanged: null, calendar: false, histogram: [], trend: [] },
    effect: at === undefined ? null : { value: at, low: at, high: at },
    ...rest,
  };
}
const features = [
  column("a", { at: 0.2, changed: true, beyond: true, importance: 0.01, weight: 0.002 }),
  column("b", { at: 0.09, changed: true, importance: 0.1, weight: 0.009 }),
  column("c", { untested: "the clause names no limit for it", changed: null }),
  column("d", { at: 0.01 }),
];
const names = (columns: readonly DriftColumn[]) => columns.map(({ name }) => name);

test("features come by what matters; what is not known after it, what is not tested last", () => {
  expect(names(shownFeatures(features, "all", "weight"))).toEqual(["b", "a", "d", "c"]);
  expect(names(shownFeatures(features, "all", "effect"))).toEqual(["a", "b", "d", "c"]);
});

test("a filter leaves what it names", () => {
  expect(names(shownFeatures(features, "changed", "name"))).toEqual(["a", "b"]);
  expect(names(shownFeatures(features, "beyond", "name"))).toEqual(["a"]);
});

test("the three questions have three answers: many change, few by much, and another one matters", () => {
  const head = driftHead(features);
  expect(head).toMatchObject({ tested: 3, changed: 2, beyond: 1 });
  expect(head.furthest?.name).toBe("a");
  expect(head.heaviest?.name).toBe("b");
  expect(driftHead([])).toEqual({ tested: 0, changed: 0, beyond: 0, furthest: null, heaviest: null });
});

test("a small p is not written as zero, and what the address does not know is the first choice", () => {
  expect([pText(1e-12), pText(0.034), pText(null)]).toEqual(["p < 0.001", "p 0.034", "not tested"]);
  expect([oneOf(DRIFT_FILTERS, "beyond"), oneOf(DRIFT_FILTERS, "x")]).toEqual(["beyond", "all"]);
});
