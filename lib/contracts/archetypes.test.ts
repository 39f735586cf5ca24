import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftFrom, proposeClause, SIX_NUMBERS } from "./archetypes";
import { clauseName, clauseSentence, formatTarget, measurementSentence } from "./clause-words";
import { contractDocument, metric as metricType } from "./document";
import { proposeAtRisk } from "./metric-rules";
import { exampleDocument, fullDocument } from "./test-document";
import { validateDocument } from "./validate-document";

const { purpose, interface: shape } = exampleDocument();

describe("an archetype", () => {
  test("asks for at most six numbers", () => expect(SIX_NUMBERS).toHaveLength(6));
  test("for real-time decisions fills every number that is missing, and keeps those that are given", () => {
    const { clauses } = draftFrom("real-time-decision", { purpose, interface: shape, numbers: { latencyMsP99: 80 } });
    expect(Object.fromEntries(clauses.map(({ id, target }) => [id, target]))).toEqual({
      latency_p95: 50,
      latency_p99: 80,
      throughput_ceiling: 200,
      quality_auc: 0.7,
      availability: 0.999,
      freshness: 900,
      drift_features: 0,
    });
  });
  test("for real-time decisions proposes a drift clause and a failure mode, and no contradiction, whatever the numbers are", () => {
    const number = (max: number) => fc.double({ min: 0.001, max, noNaN: true });
    fc.assert(
      fc.property(number(5000), number(1), number(5000), (latencyMsP95, factor, ceilingRequestsPerSecond) => {
        const numbers = { latencyMsP95, latencyMsP99: latencyMsP95 * (1 + factor), ceilingRequestsPerSecond };
        const draft = draftFrom("real-time-decision", { purpose, interface: shape, numbers });
        expect(contractDocument.parse(draft)).toEqual(draft);
        expect(validateDocument(draft)).toEqual([]);
        expect(draft.failureMode).toMatchObject({ onError: "error", onTimeout: "error", onOverload: "error" });
      }),
    );
  });
  test("that is blank makes a clause of each number that is given, and of no other", () => {
    const draft = draftFrom("blank", { purpose, interface: shape, numbers: { aucFloor: 0.8 } });
    expect(draft.clauses.map(({ id }) => id)).toEqual(["quality_auc"]);
    expect(contractDocument.safeParse(draftFrom("blank", { purpose, interface: shape, numbers: {} })).success).toBe(
      false,
    );
  });
  test("proposes no freshness where no request tells the age of its features", () => {
    const timeless = { ...shape, featureTime: "none" as const };
    const { clauses } = draftFrom("real-time-decision", { purpose, interface: timeless, numbers: {} });
    expect(clauses.map(({ id }) => id)).not.toContain("freshness");
  });
});

test("at risk begins on the error side", () => {
  expect(proposeAtRisk("success_ratio", 0.999)).toBe(0.9995);
  expect(proposeAtRisk("auc", 0.7)).toBe(0.72);
  expect(proposeAtRisk("calibration_error", 0.025)).toBe(0.02);
  expect(proposeAtRisk("p99", 25)).toBe(20);
});

describe("words", () => {
  const byId = Object.fromEntries(exampleDocument().clauses.map((clause) => [clause.id, clause]));
  test.each([
    ["latency_p99", "≤ 25\u00a0ms", "99 of 100 single-row requests are answered within 25\u00a0ms"],
    ["throughput_ceiling", "≤ 200\u00a0requests/s", "429 with Retry-After"],
    ["quality_auc", "≥ 0.7", "a probability of at least 0.7"],
    ["availability", "≥ 99.9\u00a0%", "At least 99.9\u00a0% of requests of 1 to 64 rows"],
    ["freshness", "≤ 900\u00a0s", "at most 15\u00a0min old"],
  ])("of %s carry its number and unit", (id, target, words) => {
    const clause = byId[id];
    if (!clause) throw new Error(`no clause ${id}`);
    expect(formatTarget(clause)).toBe(target);
    expect(clauseSentence(clause)).toContain(words);
  });
  test("of a slice name its rows", () => {
    const [short, night] = fullDocument().clauses.filter(({ metric }) => metric === "f1");
    if (!short || !night) throw new Error("the example has slices");
    expect(clauseName(short)).toBe("F1, distance from 0 to 500");
    expect(clauseSentence(short)).toBe(
      "F1 of at least 0.45 (harmonic mean of precision and recall), for distance from 0 to 500.",
    );
    expect(clauseName(night)).toBe("F1, hour 0, 1 or 2");
  });
  test("of drift name the limits and the test", () => {
    const given = fullDocument().clauses.find(({ metric }) => metric === "drifted_features");
    const learned = proposeClause("drift", "drifted_features", 2, 64);
    if (!given) throw new Error("the example has a drift clause");
    expect(formatTarget(proposeClause("drill", "drill_age", 30 * 86_400, 64))).toBe("≤ 30\u00a0d");
    expect(formatTarget(learned)).toBe("≤ 2\u00a0features");
    expect(clauseSentence(given)).toBe("At most 1 feature leaves its limit (hour 0.1, distance 0.2).");
    expect(clauseSentence(learned)).toBe(
      "At most 2\u00a0features leave their limit (learned: 1.25 x the largest change from week to week in the reference period, at least 0.05).",
    );
    expect(clauseSentence({ ...learned, target: 0 })).toContain("No feature leaves its limit");
    expect(measurementSentence(given)).toContain("two-sample tests at 1\u00a0% over all features, Bonferroni");
  });
  test("of options say what the caller gets", () => {
    const sentences = fullDocument().clauses.map(clauseSentence).join(" ");
    expect(sentences).toContain("get an answer of the model or of what stands in for it.");
    expect(sentences).toContain("15\u00a0min old; an older row is answered with a flag.");
    expect(sentences).toContain("A drill of the failure mode passed within the last 30\u00a0d.");
  });
  test("there are for a clause of every metric, with its number", () => {
    for (const metric of metricType.options) {
      const clause = proposeClause("any", metric, 0.5, 64);
      expect(clauseSentence(clause)).toMatch(/(0\.5|50|500)\b.*\.$/);
      expect(measurementSentence(clause)).toContain("Measured by");
    }
  });
  test("tell how a clause is measured, on which clock, and when it is breached", () => {
    const clause = byId.quality_auc;
    expect(clause && measurementSentence(clause)).toBe(
      "Measured by the labels that arrive later, over the last 7\u00a0d of event time, labels due after 1\u00a0d, from 1,000 samples on; " +
        "at risk from 0.72; breached when it is wrong 3 times in a row, evaluated every 1\u00a0d.",
    );
  });
});
