import { expect, test } from "vitest";
import { METRICS } from "./document";
import { readForm, toForm } from "./document-form";
import { newForm, withAllMetrics, withClause } from "./new-form";
import { exampleDocument } from "./test-document";

const features = "hour integer 0..23";

test("an archetype's form is a document without contradictions once it has features", () => {
  const form = { ...newForm("real-time-decision", "Decide while the customer waits"), features };
  const { document, messages } = readForm(form);
  expect(messages).toEqual({});
  expect(document?.clauses).toHaveLength(7);
  expect(document?.failureMode).toMatchObject({ onError: "error", fallback: null, queueRows: 4096 });
  expect(document?.rollout?.steps.map(({ percent, minSamples }) => [percent, minSamples])).toEqual([
    [10, 500],
    [25, 1000],
    [50, 2000],
  ]);
});

test("a blank form promises nothing and offers everything", () => {
  const form = { ...newForm("blank", "Decide while the customer waits"), features };
  expect(form.clauses.map(({ metric }) => metric).sort()).toEqual(Object.values(METRICS).flat().sort());
  expect(readForm(form).messages).toEqual({ clauses: ["a contract has at least one clause"] });
});

test("offering every metric changes no document", () => {
  const document = exampleDocument();
  expect(readForm(withAllMetrics(toForm(document))).document).toEqual(document);
});

test("a second clause of a metric gets an id of its own", () => {
  const form = withClause(withClause(newForm("blank", "x"), "p99"), "p99");
  expect(form.clauses.filter(({ metric }) => metric === "p99").map(({ id }) => id)).toEqual([
    "latency_p99",
    "latency_p99_2",
    "latency_p99_3",
  ]);
});
