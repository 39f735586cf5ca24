import { expect, test } from "vitest";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { NO_CONFIG } from "./cluster-config";
import { giveShare, goBack, serveInstead, stepBack, takeOver, withoutCanary } from "./desired-change";
import { inferenceUrlOf, observedSummaryOf, outcomeOf } from "./observed-state";
import { countClauses, worstOf } from "./worst-clause";

const ready: EndpointStatus = {
  name: "flights",
  generation: 4,
  state: "ready",
  reason: null,
  url: "http://127.0.0.1:9100",
  pid: 1,
  serving: "flights-r2",
  warm: null,
  refused: null,
  restarts: 0,
  mode: "inline",
  eventsDropped: 0,
  spoolBytes: 0,
};
const alone = { canaryId: null, canaryPercent: 0, canaryShadow: false };
const desired = { generation: 4, serving: "flights-r2" };

test("a revision serves once the target says so at this very generation", () => {
  expect(outcomeOf(desired, ready)).toEqual({ kind: "serves" });
  expect(outcomeOf(desired, { ...ready, generation: 3 })).toEqual({ kind: "waiting" });
  expect(outcomeOf(desired, { ...ready, serving: "flights-r1" })).toEqual({ kind: "waiting" });
  expect(outcomeOf(desired, null)).toEqual({ kind: "waiting" });
});

test("a refusal counts for the wanted revision only, also while another one answers", () => {
  const refused = (revision: string) => ({ ...ready, serving: "flights-r1", refused: { revision, reason: "no ONNX" } });
  expect(outcomeOf(desired, refused("flights-r2"))).toEqual({ kind: "refused", reason: "no ONNX" });
  expect(outcomeOf(desired, refused("flights-r9"))).toEqual({ kind: "waiting" });
});

test("a target that failed without anything answering is a refusal with its reason", () => {
  const failed = { ...ready, state: "failed" as const, serving: null, reason: "port taken" };
  expect(outcomeOf(desired, failed)).toEqual({ kind: "refused", reason: "port taken" });
});

test("every change of what is wanted has a higher generation, and going back keeps the one before", () => {
  const first = serveInstead({ generation: 0, servingId: null, warmId: null }, "r1");
  const second = serveInstead(first, "r2");
  expect(second).toEqual({ generation: 2, servingId: "r2", warmId: "r1", ...alone });
  expect(stepBack(second)).toEqual({ generation: 3, servingId: "r1", warmId: null, ...alone });
  expect(stepBack(first)).toEqual({ generation: 2, servingId: null, warmId: null, ...alone });
});

test("going back keeps what served warm, unless the target refused it", () => {
  const current = { generation: 4, servingId: "r3", warmId: "r2" };
  expect(goBack(current, "r1", false)).toEqual({ generation: 5, servingId: "r1", warmId: "r3", ...alone });
  expect(goBack(current, "r2", true)).toEqual({ generation: 5, servingId: "r2", warmId: null, ...alone });
});

test("what the host went back to has its generation, or one above what was wanted meanwhile", () => {
  const host = { generation: 5, servingId: "r1", warmId: "r2" };
  const current = { servingId: "r2", warmId: "r1" };
  expect(takeOver({ ...current, generation: 4 }, host)).toEqual({ ...host, ...alone });
  expect(takeOver({ ...current, generation: 5 }, host)).toEqual({ ...host, ...alone, generation: 6 });
  expect(takeOver({ ...current, generation: 8 }, host)).toEqual({ ...host, ...alone, generation: 9 });
});

test("a candidate gets its share, and loses it, without a change of what serves", () => {
  const share = { percent: 10, shadow: false };
  const given = { generation: 8, canaryId: "r4", canaryPercent: 10, canaryShadow: false };
  expect(giveShare({ generation: 7 }, "r4", share)).toEqual(given);
  expect(withoutCanary(given)).toEqual({ generation: 9, ...alone });
});

test("the inference URL follows where the target listens", () => {
  expect(inferenceUrlOf("flights", ready, null)).toBe("http://127.0.0.1:9100/v2/models/flights/infer");
  expect(inferenceUrlOf("flights", { ...ready, url: null }, null)).toBeNull();
  expect(inferenceUrlOf("flights", null, null)).toBeNull();
});

test("in a cluster clients go through its gateway, never around it", () => {
  const inside = { ...ready, url: "http://flights-r2-predictor.models.svc.cluster.local" };
  const behind = { config: { ...NO_CONFIG, gatewayUrl: "https://inference.example.com/" } };
  expect(inferenceUrlOf("flights", inside, behind)).toBe("https://inference.example.com/v2/models/flights/infer");
  expect(inferenceUrlOf("flights", { ...inside, url: null }, behind)).toBeNull();
  expect(inferenceUrlOf("flights", inside, { config: NO_CONFIG })).toBeNull();
});

test("what was never read is unknown, and the age is that of the reading", () => {
  const now = new Date("2026-01-01T00:00:10Z");
  expect(observedSummaryOf({ observed: null, observedAt: null }, now)).toMatchObject({
    state: "unknown",
    ageSeconds: null,
  });
  const observedAt = new Date("2026-01-01T00:00:03Z");
  expect(observedSummaryOf({ observed: ready, observedAt }, now)).toMatchObject({ state: "ready", ageSeconds: 7 });
});

test("a breach is worse than a risk, and not knowing is worse than met", () => {
  expect(worstOf(countClauses(["met", "unproven", "breached", "at_risk"]))).toBe("breached");
  expect(worstOf(countClauses(["met", "unproven"]))).toBe("unproven");
  expect(worstOf(countClauses([]))).toBeNull();
});
