import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftFrom } from "./archetypes";
import { type Feature, feature } from "./document";
import { emptyClause, readForm, refusedMessages, toForm, withTarget } from "./document-form";
import { parseFeatureLines, toFeatureLines } from "./feature-lines";
import { parseSeconds, parseTarget, secondsText, targetText } from "./form-values";
import { parseLimits, parseSlice, rawOptions, toOptionForm, typedName } from "./option-form";
import { withStep } from "./rollout-form";
import { EXAMPLE_FAILURE_MODE, exampleDocument, fullDocument, rolledOutDocument } from "./test-document";

const document = exampleDocument();
const form = toForm(document);

describe("a form", () => {
  test("of a document gives that document back", () => {
    expect(readForm(form)).toEqual({ document, messages: {} });
  });
  test("of a document with every part gives that document back", () => {
    const full = fullDocument();
    expect(readForm(toForm(full))).toEqual({ document: full, messages: {} });
    const rolledOut = rolledOutDocument();
    expect(readForm(toForm(rolledOut))).toEqual({ document: rolledOut, messages: {} });
  });
  test("keeps what was typed of a failure mode that is switched off, and leaves it out of the document", () => {
    const { failure, ...rest } = toForm(fullDocument());
    const { breaker, batching, ...mode } = EXAMPLE_FAILURE_MODE;
    const off = readForm({ ...rest, failure: { ...failure, breaker: false, batching: false, slowMs: "soon" } });
    expect(off.document?.failureMode).toEqual({ ...mode, breaker: null, batching: null });
    const clauses = rest.clauses.filter(({ id }) => id !== "drill");
    const none = readForm({ ...rest, clauses, failure: { ...failure, stated: false, queueRows: "many" } });
    expect(none.messages).toEqual({});
    expect(none.document).not.toHaveProperty("failureMode");
  });
  test("finds the field of a failure mode and of an option that cannot be read or contradicts another", () => {
    const from = toForm(fullDocument());
    const typed = {
      ...from,
      failure: { ...from.failure, queueRows: "many", errorRatio: "200", fallbackScore: "2" },
      clauses: from.clauses.map((each) => ({
        ...each,
        ...(each.id === "quality_f1_short" && { slice: "0..500 distance 1" }),
        ...(each.id === "quality_f1_night" && { slice: "{" }),
        ...(each.id === "drift_features" && { drift: { ...each.drift, limits: "low" } }),
      })),
    };
    expect(readForm(typed).messages).toEqual({
      "clauses.quality_f1_night.slice": [expect.stringContaining("distance 0..500, weekday 6|7")],
      "clauses.drift_features.drift.limits": [expect.stringContaining("write learned, or features with their limits")],
      "failureMode.queueRows": ['"many" is not a number'],
      "failureMode.fallback.score": [expect.any(String)],
      "failureMode.breaker.errorRatio": [expect.any(String)],
    });
    expect(readForm({ ...from, failure: { ...from.failure, queueRows: "1" } }).messages).toHaveProperty([
      "failureMode.queueRows",
    ]);
  });
  test("keeps a placement that was typed while the target is local, and leaves it out of the document", () => {
    const placement = { replicas: { min: 2, max: 4 }, zones: 2, gpu: { kind: "mig" as const, profile: "1g.10gb" } };
    const placed = { ...document, serving: { ...document.serving, target: "kubernetes" as const, placement } };
    const typed = toForm(placed);
    expect(readForm(typed)).toEqual({ document: placed, messages: {} });
    const local = readForm({ ...typed, target: "local" });
    expect(local).toEqual({ document, messages: {} });
    const whole = { ...typed.placement, gpu: "whole" as const, gpuCount: "2", profile: "no such" };
    expect(readForm({ ...typed, placement: whole }).document?.serving.placement?.gpu).toEqual({
      kind: "whole",
      count: 2,
    });
  });
  test("finds the field of a placement and of a rollout that cannot be read or contradicts another", () => {
    const from = toForm(rolledOutDocument());
    const [first, second] = from.rollout.steps;
    if (!first || !second) throw new Error("the example has two steps");
    const rollout = { ...from.rollout, slowShare: "much", steps: [first, { ...second, time: "soon", samples: "0" }] };
    const placement = { ...from.placement, stated: true, gpu: "mig" as const, profile: "large", minReplicas: "" };
    expect(readForm({ ...from, target: "kubernetes", placement, rollout }).messages).toEqual({
      "serving.placement.replicas.min": ["fill in a number"],
      "serving.placement.gpu.profile": ["a MIG profile, for example 1g.10gb"],
      "rollout.steps.1.minSeconds": ['"soon" is not a number'],
      "rollout.steps.1.minSamples": [expect.any(String)],
      "rollout.comparison.slowShare": ['"much" is not a number'],
    });
    const zones = { ...placement, profile: "1g.10gb", minReplicas: "2", zones: "3" };
    expect(readForm({ ...from, target: "kubernetes", placement: zones }).messages).toEqual({
      "serving.placement.zones": ["2 replicas are not in 3 zones: ask for at least 3"],
    });
    const falling = { ...from.rollout, steps: [second, first] };
    expect(readForm({ ...from, rollout: falling }).messages).toEqual({
      "rollout.steps": ["each step has a larger share than the one before"],
    });
  });
  test("a rollout that is switched off leaves the document, and another step goes half of the way", () => {
    const { rollout, ...rest } = toForm(rolledOutDocument());
    expect(readForm({ ...rest, rollout: { ...rollout, stated: false, steps: [] } }).document).not.toHaveProperty(
      "rollout",
    );
    const more = withStep(withStep(rollout));
    expect(more.steps.map(({ percent }) => percent)).toEqual(["5", "50", "75", "88"]);
    expect(readForm({ ...rest, rollout: more }).messages).toEqual({});
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
      missing: fc.constantFrom("allowed" as const, "refused" as const),
      calendar: fc.boolean(),
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
    expect(toFeatureLines(fullDocument().interface.features)).toBe(
      "hour integer 0..23 calendar\ndistance number 0.. missing",
    );
    expect(parseFeatureLines("origin category JFK | LAX # airport\n\n net")).toEqual([
      { feature: { name: "origin", type: "category", categories: ["JFK", "LAX"], description: "airport" } },
      { feature: { name: "net", type: "number" } },
    ]);
  });
});

describe("slices and limits as lines", () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ minLength: 1 }),
  );
  const anySlice = fc.record(
    {
      feature: fc.string({ minLength: 1, maxLength: 20 }),
      from: fc.double({ noNaN: true, noDefaultInfinity: true }),
      to: fc.double({ noNaN: true, noDefaultInfinity: true }),
      values: fc.array(value, { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: ["feature"] },
  );
  const anyLimits = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
  );
  test("come back as they were", () => {
    const [clause] = document.clauses;
    if (!clause) throw new Error("the example has clauses");
    fc.assert(
      fc.property(anySlice, anyLimits, (slice, limits) => {
        const clean = { slice: JSON.parse(JSON.stringify(slice)), limits: JSON.parse(JSON.stringify(limits)) };
        const ownTest = {
          limits: clean.limits,
          floor: 0.05,
          factor: 1.5,
          alpha: 0.01,
          correction: "bonferroni" as const,
        };
        const back = rawOptions(toOptionForm({ ...clause, slice: clean.slice, drift: ownTest }));
        expect(back).toEqual({ slice: clean.slice, drift: ownTest });
      }),
    );
  });
  test("are short where they can be", () => {
    const [short, night] = toForm(fullDocument()).clauses.filter(({ metric }) => metric === "f1");
    expect([short?.slice, night?.slice]).toEqual(["distance 0..500", "hour 0|1|2"]);
    expect(parseSlice("carrier AA|UA")).toEqual({ feature: "carrier", values: ["AA", "UA"] });
    expect(parseSlice("distance ..500")).toEqual({ feature: "distance", to: 500 });
    expect(parseLimits("distance 0.1, hour 0.2")).toEqual({ distance: 0.1, hour: 0.2 });
    expect(parseLimits("learned")).toBe("learned");
  });
  test("name the clause as soon as they can be read", () => {
    expect(typedName({ metric: "f1", slice: "distance 0..500" })).toBe("F1, distance from 0 to 500");
    expect(typedName({ metric: "f1", slice: "{" })).toBe("F1");
  });
});

describe("values", () => {
  test("availability is typed in percent, without digits that nobody typed", () => {
    expect(parseTarget("success_ratio", "99.9")).toBe(0.999);
    expect(targetText("success_ratio", 0.999)).toBe("99.9");
    expect(parseTarget("auc", "0.7")).toBe(0.7);
    expect([parseTarget("drill_age", "30 d"), targetText("drill_age", 2_592_000)]).toEqual([2_592_000, "30 d"]);
    expect(parseTarget("drill_age", "never")).toBe("never");
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

test("a draft whose numbers are typed smaller stays free of contradictions: deadline and slowness follow", () => {
  const draft = draftFrom("real-time-decision", { ...exampleDocument(), numbers: {} });
  let form = toForm(draft);
  for (const [id, text] of [
    ["latency_p95", "20"],
    ["latency_p99", "40"],
  ] as const)
    form = withTarget(form, id, text);
  expect(form.deadlineMs).toBe("400");
  expect(form.failure.slowMs).toBe("200");
  const typed = withTarget({ ...form, failure: { ...form.failure, slowMs: "123" } }, "latency_p99", "30");
  expect(typed.failure.slowMs).toBe("123");
});
