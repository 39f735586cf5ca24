import { describe, expect, test } from "vitest";
import type { Clause } from "@/lib/contracts/document";
import { clauseState } from "@/lib/monitoring/clause-state";
import { clauseWindow } from "@/lib/monitoring/clause-window";
import { bucketOf } from "@/lib/monitoring/log-buckets";
import { measure } from "@/lib/monitoring/measure";
import { parseRowReference } from "@/lib/monitoring/row-reference";
import { groundTruthLine } from "@/lib/monitoring/schema";
import { availabilityOf, type ServiceSums, serviceNumbers } from "@/lib/monitoring/service";

const DAY = 86_400_000;
const now = Date.parse("2026-11-24T14:00:30Z");
const clause: Clause = {
  ...{ id: "latency_p95", kind: "latency", metric: "p95", direction: "at_most", unit: "ms", target: 15, atRisk: 12 },
  ...{ population: { minRows: 1, maxRows: 1 }, windowSeconds: 3600, clock: "wall", labelDelaySeconds: 0 },
  ...{ cadenceSeconds: 60, consecutive: 3, minSamples: 100, probe: "gateway", owner: "sre" },
} as const;
const service: ServiceSums = {
  ...{ n: 1000, good: 900, fellBack: 10, rejected: 80, limited: 50, invalid: 20, failed: 15, timedOut: 5, rows: 1000 },
  ...{ peakPerSecond: 12, latency: { bucket: [bucketOf(4000)], count: [905] } },
};
const answering = { lastAt: now - 2000, lastOkAt: now - 2000, lastReason: "" };
const facts = {
  now,
  window: clauseWindow(clause, { now, watermark: null }),
  service,
  probe: answering,
  failedProbes: 0,
  withoutTime: 0,
};

describe("windows", () => {
  const quality = { kind: "quality", clock: "event", windowSeconds: 7 * 86_400, labelDelaySeconds: 86_400 } as const;

  test("a wall window ends now and begins at a whole minute", () => {
    expect(facts.window).toMatchObject({ from: Date.parse("2026-11-24T13:00:00Z"), to: now, grain: "minute" });
  });

  test("a quality window ends at the last whole day before watermark minus label delay", () => {
    const watermark = Date.parse("2001-05-10T06:00:00Z");
    const to = Date.parse("2001-05-09T00:00:00Z");
    expect(clauseWindow(quality, { now, watermark })).toEqual({ from: to - 7 * DAY, to, grain: "day", asOf: to });
  });

  test("an event clock that has not started gives no window", () => {
    expect(clauseWindow(quality, { now, watermark: null })).toBeNull();
  });
});

describe("silence is never met", () => {
  const stateOf = (probe: typeof answering | null) => clauseState(clause, measure(clause, { ...facts, probe }), null);

  test("latency is met while the probe is answered", () => {
    expect(stateOf(answering).state).toBe("met");
  });

  test.each([
    ["answered last 16 s ago", { ...answering, lastOkAt: now - 16_000, lastReason: "connection refused" }],
    ["ran last 21 s ago", { ...answering, lastAt: now - 21_000, lastOkAt: now - 21_000 }],
    ["never ran", null],
  ])("latency is unproven when the probe %s", (_, probe) => {
    expect(stateOf(probe).state).toBe("unproven");
  });

  test("availability without traffic is unproven while the probe is answered, at risk when it is not", () => {
    const availability: Clause = {
      ...clause,
      kind: "availability",
      metric: "success_ratio",
      direction: "at_least",
      unit: "ratio",
      target: 0.9,
      atRisk: 0.95,
    };
    const idle = { ...facts, service: undefined };
    expect(clauseState(availability, measure(availability, idle), null).state).toBe("unproven");
    const silent = { ...answering, lastOkAt: now - 20_000, lastReason: "connection refused" };
    const verdict = clauseState(availability, measure(availability, { ...idle, probe: silent }), null);
    expect(verdict).toMatchObject({ state: "at_risk", reason: /unavailable.*connection refused/ });
  });
});

test("availability leaves out what the client broke and what the ceiling refused, and counts fallbacks as failures", () => {
  expect(availabilityOf(service)).toMatchObject({ n: 930, value: 890 / 930 });
  expect(serviceNumbers(service).outcomes).toEqual({
    ...{ model: 890, fallback: 10, limited: 50, invalid: 20, unavailable: 10, error: 15, timeout: 5 },
  });
});

test("throughput counts what was taken on; what was refused beyond the ceiling is the promise kept", () => {
  const throughput: Clause = {
    ...clause,
    kind: "throughput",
    metric: "ceiling",
    unit: "requests/s",
    target: 20,
    atRisk: 18,
  };
  const measured = measure(throughput, facts);
  expect(measured).toMatchObject({ value: 12, high: 12, n: 1000, note: /5\s% answered 429/ });
  expect(clauseState(throughput, measured, null).state).toBe("met");
});

test("labels of one kind give no AUC, and say so", () => {
  const auc: Clause = {
    ...clause,
    kind: "quality",
    metric: "auc",
    direction: "at_least",
    unit: "ratio",
    target: 0.7,
    atRisk: 0.72,
  };
  const sums = {
    scored: 200,
    labelled: 150,
    ...{ tp: 0, fp: 0, fn: 0, tn: 150, sumLog: 1, sumLog2: 1, sumSq: 1, sumSq2: 1, sumAbs: 1, delay: null },
    groups: [{ bucket: 100, scored: 200, positive: 0, negative: 150, scoreSum: 15 }],
  };
  expect(measure(auc, { ...facts, quality: sums })).toMatchObject({
    value: null,
    problem: /all of one kind/,
    note: /labels 75\s% complete/,
  });
});

test.each([
  ["abc", { requestId: "abc", row: 0 }],
  ["abc/7", { requestId: "abc", row: 7 }],
  ["a/b", { requestId: "a/b", row: 0 }],
  ["a/3/0", { requestId: "a/3", row: 0 }],
  ["abc/70000", null],
])("the row %s is %o", (text, reference) => {
  expect(parseRowReference(text)).toEqual(reference);
});

test("a label names its moment as ISO with offset or as milliseconds, and nothing else", () => {
  const line = { endpoint: "e", row: "r", value: 1 };
  expect(groundTruthLine.parse({ ...line, observed_at: "2001-05-01T00:00:00Z" }).observed_at).toBe(988675200000);
  expect(groundTruthLine.parse({ ...line, observed_at: 988675200000 }).observed_at).toBe(988675200000);
  for (const observed_at of ["2001-05-01", -1, 1.5, null]) {
    expect(groundTruthLine.safeParse({ ...line, observed_at }).success).toBe(false);
  }
  expect(groundTruthLine.safeParse({ ...line, observed_at: 0, value: 0.5 }).success).toBe(false);
});
