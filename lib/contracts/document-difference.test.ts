import fc from "fast-check";
import { expect, test } from "vitest";
import { documentDifference } from "./document-difference";
import { exampleDocument, fullDocument, rolledOutDocument } from "./test-document";

const before = exampleDocument();

test("a changed number is found in its clause", () => {
  const clauses = before.clauses.map((each) => (each.id === "latency_p99" ? { ...each, target: 30 } : each));
  expect(documentDifference(before, { ...before, clauses })).toEqual([
    { part: "latency_p99", kind: "changed", changes: [{ path: "target", before: 25, after: 30 }] },
  ]);
});

test("a clause that comes or goes is whole", () => {
  const fewer = { ...before, clauses: before.clauses.filter(({ id }) => id !== "freshness") };
  expect(documentDifference(before, fewer)).toMatchObject([{ part: "freshness", kind: "removed" }]);
  expect(documentDifference(fewer, before)).toMatchObject([{ part: "freshness", kind: "added" }]);
});

test("a failure mode that comes, goes or changes is a part of its own", () => {
  const full = fullDocument();
  const { failureMode, ...without } = full;
  expect(documentDifference(without, full)).toMatchObject([{ part: "failureMode", kind: "added" }]);
  expect(documentDifference(full, without)).toMatchObject([{ part: "failureMode", kind: "removed" }]);
  if (!failureMode) throw new Error("the example has a failure mode");
  expect(
    documentDifference(full, { ...full, failureMode: { ...failureMode, onError: "error", batching: null } }),
  ).toEqual([
    {
      part: "failureMode",
      kind: "changed",
      changes: [
        { path: "onError", before: "previous_revision", after: "error" },
        { path: "batching.maxRows", before: 32 },
        { path: "batching.maxDelayMs", before: 2 },
        { path: "batching", after: null },
      ],
    },
  ]);
});

test("a rollout that comes, goes or changes is a part of its own, and its steps are told by their number", () => {
  const full = rolledOutDocument();
  const { rollout, ...without } = full;
  expect(documentDifference(without, full)).toMatchObject([{ part: "rollout", kind: "added" }]);
  expect(documentDifference(full, without)).toMatchObject([{ part: "rollout", kind: "removed" }]);
  if (!rollout) throw new Error("the example has a rollout");
  const steps = rollout.steps.map((step, index) => (index === 1 ? { ...step, percent: 40 } : step));
  expect(documentDifference(full, { ...full, rollout: { ...rollout, steps } })).toEqual([
    { part: "rollout", kind: "changed", changes: [{ path: "steps.2.percent", before: 50, after: 40 }] },
  ]);
  expect(documentDifference(full, { ...full, rollout: { ...rollout, steps: steps.slice(0, 1) } })).toMatchObject([
    {
      changes: [
        { path: "steps.2.percent", before: 50 },
        { path: "steps.2.minSeconds", before: 3600 },
        { path: "steps.2.minSamples", before: 2000 },
      ],
    },
  ]);
});

test("features are compared by name, and their order counts", () => {
  const features = before.interface.features.toReversed();
  expect(documentDifference(before, { ...before, interface: { ...before.interface, features } })).toEqual([
    {
      part: "interface",
      kind: "changed",
      changes: [{ path: "order", before: "hour, distance", after: "distance, hour" }],
    },
  ]);
});

test("no order of clauses makes a difference, and nothing differs from itself", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(before.clauses, { minLength: before.clauses.length }), (clauses) => {
      expect(documentDifference(before, { ...before, clauses })).toEqual([]);
    }),
  );
});
