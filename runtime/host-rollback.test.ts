import { expect, test } from "vitest";
import type { EndpointConfig, RevisionConfig } from "@/lib/inference/desired-state";
import { mergeDesired } from "./desired";
import { rollBack } from "./host-rollback";
import type { EndpointRecord, HostState } from "./state-file";

const revision = (name: string) => ({ revision: name }) as RevisionConfig;
const config = (generation: number, serving: string | null, warm: string | null): EndpointConfig => ({
  ...{ name: "flights", generation, clock: "wall" },
  serving: serving === null ? null : revision(serving),
  warm: warm === null ? null : revision(warm),
  auth: { issuer: "issuer", audience: "flights", jwks: { keys: [{}] } },
});
const record = (generation = 4, serving: string | null = "r2", warm: string | null = "r1"): EndpointRecord => ({
  ...{ generation, port: 9100, proven: null, crashed: null },
  config: config(generation, serving, warm),
});
const order = { endpoint: "flights", by: "ops@host", reason: "errors" };
const rolledBack = { from: "r2", to: "r1", at: 9, by: "ops@host", reason: "errors", generation: 5 };

/** What becomes of a wish of the portal after a rollback of the host at generation 5. */
function afterwards(...wanted: Parameters<typeof mergeDesired>[1]) {
  const held: HostState = { version: 1, shipperPort: null, endpoints: { flights: rollBack(record(), order, 9) } };
  const { next, applied } = mergeDesired(held, wanted, new Map());
  const { config: now, rolledBack: open } = next.endpoints.flights ?? record();
  return { result: applied.endpoints[0]?.result, serving: now?.serving?.revision, isReported: open != null };
}

test("the serving and the warm revision change places under the next generation, and who and why is kept", () => {
  const next = rollBack(record(), order, 9);
  expect(next).toMatchObject({ generation: 5, config: config(5, "r1", "r2"), rolledBack });
});

test("a second rollback goes forward to where it came from, and is the one that is reported", () => {
  const again = rollBack(rollBack(record(), order, 9), { ...order, reason: "was fine" }, 10);
  expect(again.rolledBack).toEqual({ ...rolledBack, from: "r1", to: "r2", at: 10, reason: "was fine", generation: 6 });
});

test.each([
  ["an endpoint that is not there", undefined, "this host serves no endpoint 'flights'"],
  ["a removed endpoint", { ...record(), config: null }, "this host serves no endpoint 'flights'"],
  ["an endpoint without a warm revision", record(4, "r2", null), "'flights' keeps no earlier revision to go back to"],
  ["an endpoint that serves nothing", record(4, null, "r1"), "'flights' keeps no earlier revision to go back to"],
  [
    "a way back to what took the process down",
    { ...record(), crashed: { revision: "r1", reason: "SIGSEGV", generation: 4 } },
    "r1 is no way back: SIGSEGV",
  ],
])("refuses %s", (_, held, message) => {
  expect(() => rollBack(held, order, 9)).toThrow(message);
});

test("what took the process down stays known, so that it is not loaded again to be kept warm", () => {
  const crashed = { revision: "r2", reason: "SIGSEGV", generation: 4 };
  expect(rollBack({ ...record(), crashed }, order, 9).crashed).toEqual({ ...crashed, generation: 5 });
});

test("with a candidate on its way it is the one that is dropped: what serves and what is warm stay", () => {
  const before = record();
  const canary = { revision: revision("r3"), percent: 25, shadow: false };
  const next = rollBack({ ...before, config: before.config && { ...before.config, canary } }, order, 9);
  expect(next).toMatchObject({ generation: 5, config: { ...config(5, "r2", "r1"), canary: null } });
  expect(next.rolledBack).toEqual({ ...rolledBack, from: "r3", to: "r2" });
  const wish = { ...config(5, "r2", "r1"), canary };
  expect(
    mergeDesired({ version: 1, shipperPort: null, endpoints: { flights: next } }, [wish], new Map()),
  ).toMatchObject({
    applied: { endpoints: [{ result: "stale" }] },
  });
});

test("a wish of the portal from before is refused as stale", () => {
  expect(afterwards(config(4, "r2", "r1"))).toEqual({ result: "stale", serving: "r1", isReported: true });
});

test("the same generation chosen by the portal without knowing of the rollback does not undo it", () => {
  expect(afterwards(config(5, "r3", "r2"))).toEqual({ result: "stale", serving: "r1", isReported: true });
  expect(afterwards({ name: "flights", generation: 5, removed: true })).toMatchObject({ result: "stale" });
});

test("the portal wanting the same ends the report, and wanting more is a new decision", () => {
  expect(afterwards(config(5, "r1", "r2"))).toEqual({ result: "accepted", serving: "r1", isReported: false });
  expect(afterwards(config(5, "r1", "r2"), config(5, "r1", "r2"))).toMatchObject({ isReported: false });
  expect(afterwards(config(6, "r3", "r1"))).toEqual({ result: "accepted", serving: "r3", isReported: false });
});
