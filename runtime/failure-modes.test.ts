import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { FailureConfig } from "@/lib/inference/desired-state";
import type { ModelFault } from "@/lib/inference/fault";
import { FAILING_LIMIT_MS, FALLBACK, FailingEndpoint, NOTHING, PREVIOUS } from "./test-failing";
import { TestHost, until } from "./test-host";
import { testModel } from "./test-model";

vi.setConfig({ testTimeout: FAILING_LIMIT_MS, hookTimeout: 60_000 });

const host = new TestHost();
beforeAll(() => host.start({ RUNTIME_DRILL: "1" }));
afterAll(() => host.close());
afterEach(async () => {
  const { endpoints } = await host.status();
  await host.apply(...endpoints.map(({ name }) => ({ name, generation: 1000, removed: true as const })));
});

type Case = { what: string; fault: ModelFault; reason: "error" | "timeout"; status: number };
const CASES: Case[] = [
  { what: "fails", fault: { kind: "error" }, reason: "error", status: 500 },
  { what: "answers with no numbers", fault: { kind: "wrong" }, reason: "error", status: 500 },
  { what: "is slow", fault: { kind: "slow", ms: 900 }, reason: "timeout", status: 504 },
  { what: "hangs", fault: { kind: "hang" }, reason: "timeout", status: 504 },
];
const nameOf = (prefix: string, { fault }: Case) => `${prefix}-${fault.kind}`;

test.each(CASES)("a model that $what: the fallback answers, is counted as such, and logs no row", async (each) => {
  const { fault, reason } = each;
  const endpoint = new FailingEndpoint(host, nameOf("falls-back", each));
  expect(await endpoint.serve(FALLBACK, { latencyBoundsMs: [800] })).toMatchObject({ mode: "thread" });
  await endpoint.break(fault);
  const answers = await Promise.all([endpoint.ask({ id: "two-rows", rows: 2 }), endpoint.ask({ id: "one-row" })]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.body).toEqual({
    model_name: endpoint.name,
    model_version: "2",
    id: "two-rows",
    parameters: { fallback: true, reason },
    outputs: [{ name: "probabilities", datatype: "FP32", shape: [2, 2], data: [0.75, 0.25, 0.75, 0.25] }],
  });
  expect(await endpoint.count("fallback", reason)).toBe(2);
  // Neither waited for the model: the slow one takes 900 ms.
  const early = `proviso_request_duration_seconds_bucket{endpoint="${endpoint.name}",revision="${endpoint.name}-r2",le="0.8"}`;
  expect(await endpoint.metric(early)).toBe(2);
  expect(endpoint.loggedRows()).toBe("");
  await endpoint.break({ kind: "none" });
  await until("the model to answer again", async () => (await endpoint.ask()).body.parameters === undefined);
});

test.each(CASES)(
  "a model that $what: the previous revision answers the same rows, logged under its name",
  async (each) => {
    const { fault, reason } = each;
    const endpoint = new FailingEndpoint(host, nameOf("previous", each));
    const previous = endpoint.warm();
    await host.apply(host.config(endpoint.name, 0, previous));
    const { url } = await host.ready(endpoint.name, previous.revision);
    expect(url).not.toBeNull();
    await endpoint.serve(PREVIOUS, {}, previous);
    const own = await endpoint.ask({ id: "by-the-model", rows: 3 });
    await endpoint.break(fault);
    const answer = await endpoint.ask({ id: "by-the-previous", rows: 3 });
    const parameters = { secondary: previous.revision, reason };
    expect(answer).toMatchObject({ status: 200, body: { model_version: "1", id: "by-the-previous", parameters } });
    expect(answer.body.outputs?.[0]?.shape).toEqual([3, 2]);
    expect(answer.body.outputs?.[0]?.data).not.toEqual(own.body.outputs?.[0]?.data);
    expect(await endpoint.count("secondary", reason)).toBe(1);
    const rows = endpoint.loggedRows();
    const logged = (revision: string) => rows.split(`${endpoint.name}-${revision}`).length - 1;
    expect([logged("r1"), logged("r2")]).toEqual([3, 3]);
    await endpoint.break({ kind: "none" });
  },
);

test.each(CASES)("a model that $what, where nothing stands in: the caller gets an error", async (each) => {
  const endpoint = new FailingEndpoint(host, nameOf("errs", each));
  const slow = host.store(testModel({ features: 3, hidden: 24 }));
  expect(await endpoint.serve(NOTHING, { model: slow, deadlineMs: 20 })).toMatchObject({ mode: "thread" });
  await endpoint.break(each.fault);
  expect((await endpoint.ask()).status).toBe(each.status);
  await endpoint.break({ kind: "none" });
});

test("the previous revision gives the answer that it gives when it serves itself", async () => {
  const endpoint = new FailingEndpoint(host, "same-answer");
  const previous = endpoint.warm({ deadlineMs: null });
  await endpoint.serve(PREVIOUS, {}, previous);
  await endpoint.break({ kind: "error" });
  const ids = ["a", "b", "c", "d"];
  const stoodIn = await Promise.all(ids.map((id, k) => endpoint.ask({ id, rows: k + 1 })));
  await host.apply(host.config("same-answer", 2, previous));
  await host.ready("same-answer", previous.revision);
  const served = await Promise.all(ids.map((id, k) => endpoint.ask({ id, rows: k + 1 })));
  expect(stoodIn.map(({ body }) => body.outputs)).toEqual(served.map(({ body }) => body.outputs));
});

test("a previous revision that is slow too gives way to the fallback, within the deadline", async () => {
  const endpoint = new FailingEndpoint(host, "both-slow");
  const slow = host.store(testModel({ features: 3, hidden: 60, seed: 5 }));
  const previous = endpoint.warm({ model: slow, maxRows: 1024 });
  await endpoint.serve({ ...PREVIOUS, fallbackScore: 0.5 }, { maxRows: 1024, deadlineMs: 100 }, previous);
  await endpoint.break({ kind: "hang" });
  const { status, body } = await endpoint.ask({ rows: 1024 });
  expect([status, body.parameters]).toEqual([200, { fallback: true, reason: "timeout" }]);
  await endpoint.break({ kind: "none" });
});

test("a previous revision of another shape stands in for nothing: the fallback answers", async () => {
  const endpoint = new FailingEndpoint(host, "other-shape");
  const other = host.revision("other-shape-r1", { features: 4 });
  await endpoint.serve({ ...PREVIOUS, fallbackScore: 0.5 }, {}, other);
  await endpoint.break({ kind: "error" });
  expect((await endpoint.ask()).body.parameters).toEqual({ fallback: true, reason: "error" });
});

test("no previous revision and no fallback: an error, counted once", async () => {
  const endpoint = new FailingEndpoint(host, "alone");
  await endpoint.serve(PREVIOUS);
  await endpoint.break({ kind: "error" });
  expect(await endpoint.ask()).toMatchObject({ status: 500, body: { error: "inference failed" } });
  expect([await endpoint.count("error"), await endpoint.count("secondary")]).toEqual([1, 0]);
});

const FULL: { what: string; onOverload: FailureConfig["onOverload"]; expected: object }[] = [
  { what: "an error", onOverload: "error", expected: { status: 503, body: { error: "queue is full" } } },
  {
    what: "fallback",
    onOverload: "fallback",
    expected: { status: 200, body: { parameters: { fallback: true, reason: "overload" } } },
  },
  {
    what: "the previous revision",
    onOverload: "previous_revision",
    expected: { status: 200, body: { parameters: { secondary: "full-previous-revision-r1", reason: "overload" } } },
  },
];

test.each(FULL)("a full queue: $what, and what waits is answered by the model", async ({ onOverload, expected }) => {
  const endpoint = new FailingEndpoint(host, `full-${onOverload.replace("_", "-")}`);
  const failure = { ...FALLBACK, onOverload, queueRows: 8 };
  await endpoint.serve(failure, { maxRows: 8, deadlineMs: 60_000 }, endpoint.warm());
  await endpoint.break({ kind: "hang" });
  const running = endpoint.ask({ id: "running", rows: 8 });
  await until("the run to begin", async () => (await endpoint.batches()) > 0);
  // One of the two finds the queue empty and fills it.
  const waiting = [endpoint.ask({ id: "a", rows: 8 }), endpoint.ask({ id: "b", rows: 8 })];
  expect(await Promise.race(waiting)).toMatchObject(expected);
  await endpoint.break({ kind: "none" });
  expect((await running).body.parameters).toBeUndefined();
  const statuses = (await Promise.all(waiting)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBe(onOverload === "error" ? 1 : 2);
  const rejected = await endpoint.count("rejected", "queue");
  expect(rejected).toBe(onOverload === "error" ? 1 : 0);
});

test("what was answered by a stand-in leaves the queue of a model that hangs", async () => {
  const endpoint = new FailingEndpoint(host, "makes-room");
  await endpoint.serve({ ...FALLBACK, onOverload: "error", queueRows: 8 }, { maxRows: 8, deadlineMs: 100 });
  await endpoint.break({ kind: "hang" });
  for (let k = 0; k < 6; k++) {
    expect((await endpoint.ask({ rows: 4 })).body.parameters).toEqual({ fallback: true, reason: "timeout" });
  }
  await endpoint.break({ kind: "none" });
});

test("a revision that names a fallback without a score is refused with the reason", async () => {
  await host.apply(
    host.config(
      "no-score",
      1,
      host.revision("no-score-r1", { features: 3 }, { failure: { ...FALLBACK, fallbackScore: null } }),
    ),
  );
  const status = await host.endpoint("no-score", ({ refused }) => refused !== null);
  expect(status.refused?.reason).toBe("onError: the fallback is to answer, but the contract gives it no score");
});
