import { describe, expect, test } from "vitest";
import { exampleDocument } from "@/lib/contracts/test-document";
import { ledgerRow } from "@/lib/monitoring/ledger-rows";
import { qualityPoints, servicePoints } from "@/lib/monitoring/points";
import { probeBody } from "@/lib/monitoring/probe-body";
import { ledgerClause, RANGES } from "@/lib/monitoring/schema";
import { NO_REQUESTS } from "@/lib/monitoring/service";
import { bucketedRange } from "@/lib/monitoring/time-range";

const now = Date.parse("2026-11-24T14:00:30Z");

test.each(RANGES)("%s gives at most about 120 buckets, aligned, the last of them now", (name) => {
  const range = bucketedRange(name, now);
  const step = range.bucketSeconds * 1000;
  expect(range.from % step).toBe(0);
  expect(range.to).toBe(now);
  expect(Math.ceil((range.to - range.from) / step)).toBeLessThanOrEqual(122);
  expect(step % (range.grain === "hour" ? 3_600_000 : 60_000)).toBe(0);
});

test("a bucket without requests is a gap and no zero; only the one that is not over is unfinished", () => {
  const range = bucketedRange("15m", now);
  const slice = { ...NO_REQUESTS, at: range.from, n: 2, good: 2, latency: { bucket: [383], count: [2] } };
  const points = servicePoints([slice], range, now);
  expect(points[0]).toMatchObject({ requests: 2, p95: { value: expect.any(Number) }, unfinished: false });
  expect(points[1]).toMatchObject({ requests: 0, p95: null, availability: null });
  expect(points.filter((point) => point.unfinished)).toEqual([points.at(-1)]);
});

test("an event day is finished when it is over and all of its labels are due", () => {
  const sums = {
    scored: 4,
    labelled: 2,
    ...{ tp: 0, fp: 0, fn: 1, tn: 1, sumLog: 1, sumLog2: 1, sumSq: 1, sumSq2: 1, sumAbs: 1, delay: null },
    groups: [{ bucket: 400, scored: 4, positive: 1, negative: 1, scoreSum: 0.8 }],
  };
  const days = ["2001-05-01", "2001-05-02"].map((day) => ({ day, ...sums }));
  const points = qualityPoints(days, Date.parse("2001-05-03T00:00:00Z"), 86_400);
  expect(points.map((point) => point.unfinished)).toEqual([false, true]);
  expect(points[0]).toMatchObject({ coverage: 0.5, observedToExpected: 1.25, auc: null, accuracy: { value: 0.5 } });
  expect(qualityPoints(days, null, 0).every((point) => point.unfinished)).toBe(true);
});

describe("a line of the ledger", () => {
  const [clause] = exampleDocument().clauses;
  if (!clause) throw new Error("the example has clauses");
  const stored = {
    ...{
      state: "met",
      reason: "kept",
      value: 4,
      low: 3.9,
      high: 4.1,
      n: 100n,
      windowFrom: null,
      windowTo: new Date(now),
    },
    ...{ asOf: new Date(now), evaluatedAt: new Date(now - 10_000), since: new Date(now - 60_000) },
  };
  const more = { why: "not evaluated yet", breachOpenedAt: null, spark: [], now };

  test("shows the last evaluation, in the agreed form", () => {
    const row = ledgerRow(clause, stored, more);
    expect(ledgerClause.parse(row)).toEqual(row);
    expect(row).toMatchObject({ state: "met", value: 4, n: 100, target: clause.target });
  });

  test("is unproven without an evaluation, or with one older than thirty seconds", () => {
    expect(ledgerRow(clause, undefined, more)).toMatchObject({
      state: "unproven",
      reason: "not evaluated yet",
      value: null,
    });
    const old = { ...stored, evaluatedAt: new Date(now - 31_000) };
    expect(ledgerRow(clause, old, more)).toMatchObject({
      state: "unproven",
      reason: expect.stringMatching(/not evaluated for/),
    });
  });
});

test("a probe asks for one row inside what the interface allows, about now", () => {
  const { interface: shape } = exampleDocument();
  const inputs = [{ name: "features", datatype: "FP32" as const, shape: [-1, 2], features: ["hour", "distance"] }];
  expect(probeBody({ inputs }, shape, now)).toEqual({
    parameters: { event_time: now, feature_time: now },
    inputs: [{ name: "features", datatype: "FP32", shape: [1, 2], data: [11, 0] }],
  });
});
