import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Feature, feature } from "./document";
import { emptyClause, readForm, refusedMessages, toForm, withTarget } from "./document-form";
import { parseFeatureLines, toFeatureLines } from "./feature-lines";
import { parseSeconds, parseTarget, secondsText, targetText } from "./form-values";
import { exampleDocument } from "./test-document";

const document = exampleDocument();
const form = toForm(document);

describe("a form", () => {
  test("of a document gives that document back", () => {
    expect(readForm(form)).toEqual({ document, messages: {} });
  });
  test("keeps what cannot be read, with a message at its field", () => {
    const typed = { ...withTarget(form, "latency_p99", "fast"), maxRows: "" };
    expect(typed.clauses[1]?.target).toBe("fast");
    expect(readForm(typed)).toEqual({
      document: null,
      messages: {
        "clauses.latency_p99.target": ['"fast" is not a number'],
        "clauses.latency_p99.atRisk": ["fill in a number"],
        "serving.maxRows": ["fill in a number"],
      },
    });
  });
  test("shows a contradiction at the clause, by its id", () => {
    const { document: read, messages } = readForm(withTarget(form, "latency_p95", "30"));
    expect(read).not.toBeNull();
    expect(messages).toEqual({ "clauses.latency_p95.target": [expect.stringContaining("p95 of 30 ms is above p99")] });
  });
  test("leaves a clause without a target out, and the messages stay with the right clause", () => {
    const typed = withTarget(withTarget(form, "latency_p95", ""), "latency_p99", "-1");
    const { messages } = readForm(typed);
    expect(Object.keys(messages)).toEqual(["clauses.latency_p99.target", "clauses.latency_p99.atRisk"]);
    expect(readForm(withTarget(form, "latency_p95", "")).document?.clauses.map(({ id }) => id)).not.toContain(
      "latency_p95",
    );
  });
  test("moves at risk and deadline with the target, until somebody chose them", () => {
    const moved = withTarget(form, "latency_p99", "50");
    expect(moved.clauses[1]?.atRisk).toBe("40");
    expect(moved.deadlineMs).toBe("500");
    const own = { ...form, deadlineMs: "100", clauses: form.clauses.map((each) => ({ ...each, atRisk: "9" })) };
    const kept = withTarget(own, "latency_p99", "50");
    expect([kept.clauses[1]?.atRisk, kept.deadlineMs]).toEqual(["9", "100"]);
  });
  test("takes a clause that begins empty", () => {
    const typed = withTarget({ ...form, clauses: [emptyClause("accuracy", "accuracy", 64)] }, "accuracy", "80");
    expect(readForm(typed).document?.clauses).toMatchObject([{ id: "accuracy", target: 0.8, atRisk: 0.813333333333 }]);
  });
  test("names the line of a feature that cannot be read, once", () => {
    const { document: read, messages } = readForm({ ...form, features: "hour integer 0..23\nx number a..b" });
    expect(read).toBeNull();
    expect(messages).toEqual({ "interface.features.1": ['"a..b" is no range: write 0..23, 0.. or ..1'] });
  });
  test("finds the fields of a refusal of the server", () => {
    expect(refusedMessages({ "document.clauses.1.target": ["no"], purpose: ["short"] }, form)).toEqual({
      "clauses.latency_p99.target": ["no"],
      purpose: ["short"],
    });
  });
});

describe("features as lines", () => {
  const anyFeature: fc.Arbitrary<Feature> = fc.record(
    {
      name: fc.string({ minLength: 1, maxLength: 20 }),
      type: fc.constantFrom("number" as const, "integer" as const, "category" as const),
      min: fc.double({ noNaN: true, noDefaultInfinity: true, max: 0 }),
      max: fc.double({ noNaN: true, noDefaultInfinity: true, min: 1 }),
      categories: fc.array(fc.string({ maxLength: 6 }), { maxLength: 4 }),
      description: fc.string({ maxLength: 20 }),
    },
    { requiredKeys: ["name", "type"] },
  );
  test("come back as they were", () => {
    fc.assert(
      fc.property(fc.array(anyFeature.filter((each) => feature.safeParse(each).success)), (features) => {
        const clean = features.map((each) => feature.parse(each));
        const back = parseFeatureLines(toFeatureLines(clean)).map((line) => ("feature" in line ? line.feature : line));
        expect(back).toEqual(JSON.parse(JSON.stringify(clean)));
      }),
    );
  });
  test("are short where they can be", () => {
    expect(toFeatureLines(document.interface.features)).toBe("hour integer 0..23\ndistance number 0..");
    expect(parseFeatureLines("origin category JFK | LAX # airport\n\n net")).toEqual([
      { feature: { name: "origin", type: "category", categories: ["JFK", "LAX"], description: "airport" } },
      { feature: { name: "net", type: "number" } },
    ]);
  });
});

describe("values", () => {
  test("availability is typed in percent, without digits that nobody typed", () => {
    expect(parseTarget("success_ratio", "99.9")).toBe(0.999);
    expect(targetText("success_ratio", 0.999)).toBe("99.9");
    expect(parseTarget("auc", "0.7")).toBe(0.7);
  });
  test("every length of time comes back as it was", () => {
    fc.assert(fc.property(fc.nat(90 * 86_400), (seconds) => parseSeconds(secondsText(seconds)) === seconds));
  });
  test("a length without unit is in seconds, and what is none stays as it is", () => {
    expect([parseSeconds("90"), parseSeconds("15min"), parseSeconds("soon"), parseSeconds("")]).toEqual([
      90,
      900,
      "soon",
      undefined,
    ]);
  });
});
