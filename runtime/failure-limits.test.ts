import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { PROBE_HEADER } from "@/lib/inference/events";
import { FAULT_PATH } from "@/lib/inference/fault";
import { FAILING_LIMIT_MS, FALLBACK, FailingEndpoint, NOTHING } from "./test-failing";
import { PROBE_SECRET, TestHost, until } from "./test-host";

vi.setConfig({ testTimeout: FAILING_LIMIT_MS, hookTimeout: 60_000 });

const host = new TestHost();
beforeAll(() => host.start({ RUNTIME_DRILL: "1" }));
afterAll(() => host.close());
afterEach(async () => {
  const { endpoints } = await host.status();
  await host.apply(...endpoints.map(({ name }) => ({ name, generation: 1000, removed: true as const })));
});

const BREAKER = { errorRatio: 0.5, slowMs: 50, slowRatio: 0.5, minRequests: 4, windowMs: 60_000, openMs: 60_000 };
const askMany = async (endpoint: FailingEndpoint, n: number) => {
  const answers = [];
  for (let k = 0; k < n; k++) answers.push(await endpoint.ask({ id: `r${k}` }));
  return answers;
};

test("the breaker opens on failures, keeps requests from the model, says so, and the endpoint stays ready", async () => {
  const endpoint = new FailingEndpoint(host, "opens");
  expect(await endpoint.serve({ ...FALLBACK, breaker: BREAKER })).toMatchObject({ breaker: "closed" });
  await endpoint.break({ kind: "error" });
  const reasons = (await askMany(endpoint, 6)).map(({ body }) => body.parameters?.reason);
  expect(reasons).toEqual(["error", "error", "error", "error", "overload", "overload"]);
  expect(await endpoint.batches()).toBe(4);
  expect(await endpoint.metric('proviso_breaker_state{endpoint="opens",state="open"}')).toBe(1);
  expect(await endpoint.isReady()).toBe(true);
  await until("the host to say so", async () => (await endpoint.status())?.breaker === "open");
  expect((await endpoint.status())?.state).toBe("ready");
});

test("the breaker opens on slow answers, and without a stand-in the caller gets 503 with Retry-After", async () => {
  const endpoint = new FailingEndpoint(host, "slow-opens");
  await endpoint.serve({ ...NOTHING, breaker: BREAKER }, { deadlineMs: null });
  await endpoint.break({ kind: "slow", ms: 60 });
  expect((await askMany(endpoint, 4)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const refused = await endpoint.ask();
  expect(refused).toMatchObject({ status: 503, body: { error: "the circuit breaker is open" } });
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(await endpoint.count("rejected", "breaker")).toBe(1);
});

test("half open, trials decide: a bad one opens it again, good ones close it", async () => {
  const endpoint = new FailingEndpoint(host, "half-opens");
  await endpoint.serve({ ...FALLBACK, breaker: { ...BREAKER, slowMs: 5000, openMs: 300 } });
  await endpoint.break({ kind: "error" });
  await askMany(endpoint, 4);
  expect((await endpoint.ask()).body.parameters?.reason).toBe("overload");
  const asked = () => endpoint.ask().then(({ body }) => body.parameters?.reason);
  await until("a trial", async () => (await asked()) === "error");
  expect(await asked()).toBe("overload");
  await endpoint.break({ kind: "none" });
  await until("the model to answer", async () => (await asked()) === undefined);
  await until("it to close", async () => {
    await askMany(endpoint, 3);
    return (await endpoint.metric('proviso_breaker_state{endpoint="half-opens",state="closed"}')) === 1;
  });
  expect((await askMany(endpoint, 5)).every(({ body }) => body.parameters === undefined)).toBe(true);
});

test("one client over its limit gets 429, another is served, and probes are exempt", async () => {
  const endpoint = new FailingEndpoint(host, "per-client");
  await endpoint.serve({ ...NOTHING, perClient: { requestsPerSecond: 0.01, burst: 2 } });
  const statuses = async (client: string, headers = {}) => {
    const all = [];
    for (let k = 0; k < 3; k++) all.push((await endpoint.ask({ client, headers })).status);
    return all;
  };
  expect(await statuses("greedy")).toEqual([200, 200, 429]);
  expect(await statuses("modest")).toEqual([200, 200, 429]);
  const refused = await endpoint.ask({ client: "greedy" });
  expect(refused.body.error).toBe("client limit exceeded");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(10);
  expect(await statuses("greedy", { [PROBE_HEADER]: PROBE_SECRET })).toEqual([200, 200, 200]);
  expect(await endpoint.count("rejected", "client")).toBe(3);
});

test("batching: requests within the delay share runs of at most the rows declared, and each gets its own answer", async () => {
  const endpoint = new FailingEndpoint(host, "batches");
  await endpoint.serve({ ...NOTHING, batching: { maxRows: 4, maxDelayMs: 1000 } }, { deadlineMs: null });
  const together = await Promise.all(
    Array.from({ length: 12 }, (_, k) => endpoint.ask({ id: `r${k}`, rows: (k % 2) + 1 })),
  );
  expect(together.map(({ body }) => body.id)).toEqual(Array.from({ length: 12 }, (_, k) => `r${k}`));
  const runs = await endpoint.batches();
  expect(runs).toBeLessThan(12);
  expect(runs).toBeGreaterThanOrEqual(5); // 18 rows
  const alone = await endpoint.ask({ id: "alone", rows: 2 }); // the delay passes, and it runs without company
  for (const { body } of together) {
    const data = body.outputs?.[0]?.data ?? [];
    expect(data).toEqual(alone.body.outputs?.[0]?.data.slice(0, data.length));
  }
});

const HOUR = 3_600_000;
const stale = (action: "flag" | "fallback") => ({ stale: { afterMs: HOUR, action } });
const times = (ages: number[]) => ({
  event_time: 10 * HOUR,
  feature_time: ages.map((age) => 10 * HOUR - age).join(","),
});

test("stale rows are flagged by their position, and answered by the model", async () => {
  const endpoint = new FailingEndpoint(host, "flags");
  await endpoint.serve(NOTHING, stale("flag"));
  const mixed = await endpoint.ask({ rows: 3, parameters: times([HOUR + 1, HOUR, 2 * HOUR]) });
  expect(mixed.body.parameters).toEqual({ stale: true, stale_rows: "0,2" });
  expect((await endpoint.ask({ parameters: times([HOUR]) })).body.parameters).toBeUndefined();
  expect(await endpoint.count("model")).toBe(2);
});

test("one stale row sends its whole request to the fallback, others to the model", async () => {
  const endpoint = new FailingEndpoint(host, "stale");
  await endpoint.serve({ ...NOTHING, fallbackScore: 0.25 }, stale("fallback"));
  const mixed = await endpoint.ask({ rows: 2, parameters: times([0, HOUR + 1]) });
  expect(mixed.body.parameters).toEqual({ fallback: true, reason: "stale" });
  expect(mixed.body.outputs?.[0]?.data).toEqual([0.75, 0.25, 0.75, 0.25]);
  expect((await endpoint.ask({ rows: 2, parameters: times([0, HOUR]) })).body.parameters).toBeUndefined();
  expect([await endpoint.count("fallback", "stale"), await endpoint.count("model")]).toEqual([1, 1]);
});

test("a model that hangs for good: the process ends itself, comes back with the same revision, and answers", async () => {
  const endpoint = new FailingEndpoint(host, "restarts");
  const before = await endpoint.serve(FALLBACK, { deadlineMs: 100 });
  await endpoint.break({ kind: "hang" });
  expect((await endpoint.ask()).body.parameters).toEqual({ fallback: true, reason: "timeout" });
  const after = await host.endpoint("restarts", (s) => s.restarts === 1 && s.state === "ready");
  expect(after).toMatchObject({ serving: "restarts-r2", refused: null });
  expect(after.pid).not.toBe(before.pid);
  const answer = await endpoint.ask();
  expect([answer.status, answer.body.parameters]).toEqual([200, undefined]);
  expect(host.output).toContain("the model of revision restarts-r2 has not come back for");
});

test("a rollback from a model that hangs: the other revision serves at once, in the same process, and so do those after it", async () => {
  const endpoint = new FailingEndpoint(host, "leaves");
  const previous = endpoint.warm();
  const { pid } = await endpoint.serve(FALLBACK, { deadlineMs: 100 }, previous);
  await endpoint.break({ kind: "hang" });
  expect((await endpoint.ask()).body.parameters?.fallback).toBe(true);
  await host.apply(host.config("leaves", 2, previous));
  await host.ready("leaves", "leaves-r1");
  expect(await endpoint.ask()).toMatchObject({ status: 200, body: { model_version: "1" } });
  const next = host.revision("leaves-r3", { features: 3 }, { modelVersion: "3" });
  await host.apply(host.config("leaves", 3, next));
  expect(await host.ready("leaves", "leaves-r3")).toMatchObject({ pid, restarts: 0 });
  expect(await endpoint.ask()).toMatchObject({ status: 200, body: { model_version: "3" } });
});

test("a kill of a process: the next one serves the same revision, without the fault", async () => {
  const endpoint = new FailingEndpoint(host, "killed");
  const { pid } = await endpoint.serve(FALLBACK);
  await endpoint.break({ kind: "error" });
  process.kill(pid ?? 0, "SIGKILL");
  await host.endpoint("killed", (s) => s.restarts === 1 && s.serving === "killed-r2");
  expect((await endpoint.ask()).body.parameters).toBeUndefined();
});

test("a fault wants an endpoint that serves, the host's token and a fault that there is", async () => {
  const post = async (body: object, token?: string) =>
    (await host.admin("POST", FAULT_PATH, JSON.stringify(body), token)).status;
  const fault = { kind: "error" };
  expect(await post({ endpoint: "nowhere", fault })).toBe(404);
  await host.apply(host.config("empty", 1, null));
  await host.endpoint("empty", (s) => s.state === "stopped");
  expect(await post({ endpoint: "empty", fault })).toBe(409);
  expect(await post({ endpoint: "empty", fault: { kind: "slow" } })).toBe(400);
  expect(await post({ endpoint: "empty", fault }, "not-the-token")).toBe(401);
});

test("a host that is not for drills does not know the path, whatever its endpoints serve", async () => {
  const plain = new TestHost();
  await plain.start();
  try {
    const revision = plain.revision("plain-r1", { features: 3 }, { failure: FALLBACK });
    await plain.apply(plain.config("plain", 1, revision));
    await plain.ready("plain", "plain-r1");
    const body = JSON.stringify({ endpoint: "plain", fault: { kind: "error" } });
    expect((await plain.admin("POST", FAULT_PATH, body)).status).toBe(404);
  } finally {
    await plain.close();
  }
});
