import { afterEach, beforeEach, expect, test } from "vitest";
import type { RollbackPreview } from "@/lib/governance/rollback-view";
import { ok, refused, runAsPerson, testPortal } from "./test-portal";

const candidate = (n: number, loaded: boolean) => ({
  ...{ revision: `flights-r${n}`, model: "flights", version: n, loaded, promotion: n, refusal: null, breaches: [] },
  contract: { number: 1, supersededBy: null },
  approvals: { hold: true, words: `Approved by a@example.com for r${n}.` },
  ...{ servedFrom: "2026-11-20T10:00:00.000Z", servedTo: "2026-11-22T10:00:00.000Z" },
});
const preview: RollbackPreview = {
  ...{ endpoint: "flights", generation: 7, warm: "flights-r2" },
  current: { ...candidate(3, true), servedTo: null },
  candidates: [candidate(2, true), { ...candidate(1, false), breaches: ["latency_p99"] }],
};
const done = {
  name: "flights",
  generation: 8,
  serving: { revision: "flights-r2", model: "flights", version: 2, contract: 1 },
};

let portal: Awaited<ReturnType<typeof testPortal>>;
let answer: ReturnType<typeof ok>;
beforeEach(async () => {
  answer = ok({ ...done, warm: { revision: "flights-r3" } });
  portal = await testPortal({
    "GET /api/v1/endpoints/flights/rollback": () => ok(preview),
    "POST /api/v1/endpoints/flights/rollback": () => answer,
  });
});
afterEach(() => portal.close());

const rollback = (...options: string[]) => runAsPerson(portal.url, ["endpoint", "rollback", "flights", ...options]);
const posted = () => portal.seen.filter(({ method }) => method === "POST").map(({ body }) => body);

test("alone it shows what there is to go back to, and changes nothing", async () => {
  const { code, out } = await rollback();
  expect(code).toBe(0);
  expect(out).toContain("flights serves flights-r3; flights-r2 is kept warm.");
  expect(out).toMatch(/flights-r2\s+flights v2\s+v1\s+yes/);
  expect(out).toMatch(/flights-r1\s+flights v1\s+v1\s+loads first.*latency_p99/);
  expect(posted()).toEqual([]);
});

test("wants a reason and the endpoint's name, and says what would happen", async () => {
  expect(await rollback("--yes", "flights")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--reason is missing"),
  });
  const other = await rollback("--reason", "errors", "--yes", "other");
  expect(other.err).toContain(
    "goes from flights-r3 back to flights-r2. It is loaded. Approved by a@example.com for r2.",
  );
  expect(other.err).toContain("add --yes flights");
  expect([other.code, posted()]).toEqual([2, []]);
});

test("goes to the warm revision, or to the one that is named, under the generation that it read", async () => {
  expect(await rollback("--reason", "errors", "--yes", "flights")).toMatchObject({ code: 0 });
  await rollback("--reason", "errors", "--yes", "flights", "--to", "flights-r1");
  const order = { reason: "errors", confirm: "flights", generation: 7 };
  expect(posted()).toEqual([
    { ...order, to: "flights-r2" },
    { ...order, to: "flights-r1" },
  ]);
});

test("a conflict is told in the words of the portal", async () => {
  answer = refused(409, "conflict", "flights changed since you looked.");
  const { code, err } = await rollback("--reason", "errors", "--yes", "flights");
  expect([code, err]).toEqual([1, expect.stringContaining("flights changed since you looked.")]);
});
