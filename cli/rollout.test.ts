import { afterEach, beforeEach, expect, test } from "vitest";
import { ok, runAsPerson, testPortal } from "./test-portal";

const ID = "00000000-0000-4000-8000-00000000000a";
const part = (n: number) => ({ revision: `flights-r${n}`, model: "flights", version: n, contract: 1 });
const shown = {
  ...{ id: ID, endpoint: "flights", candidate: part(2), incumbent: part(1), state: "stepping", percent: 10 },
  ...{ paused: false, pausedByAll: false, waitsFor: "40 of 100 samples", reason: null, endedBy: null },
  stages: [{ label: "10 %", progress: "current", samples: 40, samplesNeeded: 100, seconds: 12.7, secondsNeeded: 60 }],
  guards: [{ id: "latency_p99", state: "no_data", words: "0 of 40 requests were slower than 25 ms" }],
};

let portal: Awaited<ReturnType<typeof testPortal>>;
beforeEach(async () => {
  portal = await testPortal({
    "GET /api/v1/endpoints/flights/rollout": () => ok({ endpoint: "flights", rollout: shown }),
    "GET /api/v1/endpoints/quiet/rollout": () => ok({ endpoint: "quiet", rollout: null }),
    [`POST /api/v1/rollouts/${ID}/stop`]: () => ok({ id: ID, state: "stopped", serving: "flights-r1" }),
  });
});
afterEach(() => portal.close());

const rollout = (...args: string[]) => runAsPerson(portal.url, ["endpoint", "rollout", ...args]);
const posted = () => portal.seen.filter(({ method }) => method === "POST").map(({ body }) => body);

test("alone it shows stages, samples and guards, and changes nothing", async () => {
  const { code, out } = await rollout("flights");
  expect(code).toBe(0);
  expect(out).toContain("flights-r2 (flights v2), 10 % of the requests");
  expect(out).toContain("40 of 100 samples");
  expect(out).toMatch(/10 %\s+current\s+40 of 100\s+12 of 60/);
  expect(out).toMatch(/latency_p99\s+no data\s+0 of 40 requests/);
  expect((await rollout("quiet")).out).toContain("Nothing was rolled out on quiet yet.");
  expect(posted()).toEqual([]);
});

test("goes back with a reason, and says what serves", async () => {
  expect(await rollout("flights", "stop")).toMatchObject({ code: 2, err: expect.stringContaining("--reason") });
  expect(await rollout("flights", "advance", "--reason", "x")).toMatchObject({ code: 2 });
  expect(posted()).toEqual([]);
  const { code, out } = await rollout("flights", "stop", "--reason", "callers complain");
  expect(code).toBe(0);
  expect(out).toContain("flights-r1");
  expect(posted()).toEqual([{ reason: "callers complain" }]);
});
