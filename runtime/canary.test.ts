import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { EndpointConfig, EndpointStatus, RevisionConfig } from "@/lib/inference/desired-state";
import { PROBE_HEADER, REVISION_HEADER } from "@/lib/inference/events";
import { loggedRequests } from "./test-events";
import { FAILING_LIMIT_MS, FailingEndpoint, NOTHING, PREVIOUS } from "./test-failing";
import { PROBE_SECRET, TestHost, until } from "./test-host";
import { OpenLoad } from "./test-load";
import { testModel } from "./test-model";

vi.setConfig({ testTimeout: FAILING_LIMIT_MS, hookTimeout: 60_000 });

const host = new TestHost();
beforeAll(() => host.start({ RUNTIME_DRILL: "1" }));
afterAll(() => host.close());
afterEach(async () => {
  const { endpoints } = await host.status();
  await host.apply(...endpoints.map(({ name }) => ({ name, generation: 1000, removed: true as const })));
});

type Share = Pick<NonNullable<EndpointConfig["canary"]>, "percent" | "shadow">;

/** An endpoint whose r1 serves version 1, and r2, version 2 of another model, on its way to serving. */
class Beside extends FailingEndpoint {
  readonly first: RevisionConfig;
  second: RevisionConfig;
  private generation = 0;

  constructor(name: string, second: Partial<RevisionConfig> = {}) {
    super(host, name);
    this.first = host.revision(`${name}-r1`, { features: 3 }, { failure: NOTHING });
    this.second = host.revision(
      `${name}-r2`,
      { features: 3, seed: 9 },
      { modelVersion: "2", failure: NOTHING, ...second },
    );
  }

  /** Tells the host, and comes back at once. */
  async want(share: Share | null, serving = this.first, warm: RevisionConfig | null = null): Promise<void> {
    const canary = share && { revision: this.second, ...share };
    await host.apply(host.config(this.name, ++this.generation, serving, { warm, canary }));
  }

  /** What serves, then its candidate with this share. */
  async give(share: Share): Promise<EndpointStatus> {
    if (this.generation === 0) await this.want(null);
    await this.isServed();
    await this.want(share);
    return this.seen(({ state, percent }) => state === "ready" && percent === share.percent);
  }

  async isServed(): Promise<void> {
    this.url = (await host.ready(this.name, this.first.revision)).url ?? "";
  }

  seen(isWanted: (canary: NonNullable<EndpointStatus["canary"]>) => boolean): Promise<EndpointStatus> {
    return host.endpoint(this.name, ({ canary }) => canary != null && isWanted(canary));
  }

  /** Versions of the answers to so many requests, a few at a time. */
  async versions(requests: number): Promise<string[]> {
    const found: string[] = [];
    for (let k = 0; k < requests; k += 20) {
      const ids = Array.from({ length: Math.min(20, requests - k) }, (_, n) => `q${k + n}`);
      for (const { body } of await Promise.all(ids.map((id) => this.ask({ id })))) found.push(body.model_version);
    }
    return found;
  }

  requests = () => loggedRequests(host.dir, this.name);
}

const count = <T>(items: readonly T[], isCounted: (item: T) => boolean): number => items.filter(isCounted).length;

test("the candidate answers its share, and every answer is recorded under the revision that gave it", async () => {
  const endpoint = new Beside("shares");
  const { serving, canary } = await endpoint.give({ percent: 25, shadow: false });
  expect([serving, canary]).toEqual([
    "shares-r1",
    { revision: "shares-r2", state: "ready", reason: null, percent: 25, shadow: false },
  ]);
  const versions = await endpoint.versions(400);
  const theirs = count(versions, (version) => version === "2");
  expect(Math.abs(theirs - 100)).toBeLessThanOrEqual(2);
  const logged = endpoint.requests();
  expect(count(logged, ({ revision }) => revision === "shares-r2")).toBe(theirs);
  expect(count(logged, ({ revision }) => revision === "shares-r1")).toBe(400 - theirs);
  expect(endpoint.loggedRows().split("shares-r2").length - 1).toBe(theirs);
});

test("a client that names a version gets it, and a probe asks the serving revision or the one that it names", async () => {
  const endpoint = new Beside("named");
  await endpoint.give({ percent: 100, shadow: false });
  const version = async (headers: Record<string, string>, address = "") =>
    (await endpoint.ask({ headers, version: address })).body.model_version;
  const probe = { [PROBE_HEADER]: PROBE_SECRET };
  expect(await version({})).toBe("2");
  expect(await version({}, "/versions/1")).toBe("1");
  expect(await version(probe)).toBe("1");
  expect(await version({ ...probe, [REVISION_HEADER]: "named-r2" })).toBe("2");
  expect(await version({ ...probe, [REVISION_HEADER]: "named-r1" })).toBe("1");
  expect(await version({ [REVISION_HEADER]: "named-r1" })).toBe("2");
  expect(await endpoint.ask({ headers: { ...probe, [REVISION_HEADER]: "named-r3" } })).toMatchObject({
    status: 404,
    body: { error: 'revision "named-r3" does not answer here' },
  });
  expect(count(endpoint.requests(), ({ source }) => source === "probe")).toBe(4);
});

test("a candidate without a share answers nobody but the probe that names it", async () => {
  const endpoint = new Beside("checked");
  await endpoint.give({ percent: 0, shadow: false });
  expect(new Set(await endpoint.versions(60))).toEqual(new Set(["1"]));
  const headers = { [PROBE_HEADER]: PROBE_SECRET, [REVISION_HEADER]: "checked-r2" };
  expect((await endpoint.ask({ headers })).body.model_version).toBe("2");
});

const BAD: [string, () => Partial<RevisionConfig>, RegExp][] = [
  ["no model", () => ({ model: host.store(Buffer.from("not a model")) }), /cannot be loaded/],
  ["not in the store", () => ({ model: "ab".repeat(32) }), /not in the artifact store/],
  [
    "of other features",
    () => host.revision("x-r1", { features: 4 }),
    /takes other features than bad-of-other-features-r1/,
  ],
];

test.each(BAD)(
  "a candidate that is %s gets nothing, says why, and the serving revision answers on",
  async (what, change, reason) => {
    const name = `bad-${what.replaceAll(" ", "-")}`;
    const endpoint = new Beside(name, { ...change(), revision: `${name}-r2` });
    await endpoint.want(null);
    await endpoint.isServed();
    await endpoint.want({ percent: 50, shadow: true });
    const status = await endpoint.seen(({ state }) => state === "failed");
    expect(status.canary).toMatchObject({ revision: `${name}-r2`, percent: 0, shadow: false });
    expect(status.canary?.reason).toMatch(reason);
    expect(status).toMatchObject({ state: "ready", reason: null, serving: `${name}-r1`, refused: null });
    expect(new Set(await endpoint.versions(40))).toEqual(new Set(["1"]));
  },
);

test("a native crash with a candidate loaded: the process comes back without it, and serves", async () => {
  const endpoint = new Beside("dies");
  const { pid } = await endpoint.give({ percent: 10, shadow: false });
  process.kill(pid ?? 0, "SIGSEGV");
  const after = await host.endpoint("dies", (s) => s.state === "ready" && s.pid !== pid);
  expect(after).toMatchObject({ serving: "dies-r1", reason: null, refused: null });
  expect(after.canary).toMatchObject({ revision: "dies-r2", state: "failed", percent: 0 });
  expect(after.canary?.reason).toContain("SIGSEGV");
  expect(new Set(await endpoint.versions(40))).toEqual(new Set(["1"]));
  await endpoint.want({ percent: 10, shadow: false });
  await endpoint.seen(({ state }) => state === "ready"); // a new generation is a new decision
});

test("a candidate and its share outlive a kill of the host", async () => {
  const endpoint = new Beside("outlives");
  await endpoint.give({ percent: 50, shadow: false });
  await host.kill("SIGKILL");
  await host.start({ RUNTIME_DRILL: "1" });
  await endpoint.seen(({ state, percent }) => state === "ready" && percent === 50);
  expect(count(await endpoint.versions(40), (version) => version === "2")).toBeGreaterThanOrEqual(18);
});

test("a candidate that fails: by its own contract the serving revision stands in, and the failure stays the candidate's", async () => {
  const endpoint = new Beside("fails", { failure: PREVIOUS, deadlineMs: 400 });
  await endpoint.give({ percent: 50, shadow: false });
  await endpoint.break({ kind: "error" }, "fails-r2");
  expect(new Set(await endpoint.versions(40))).toEqual(new Set(["1"]));
  const stoodIn = endpoint.requests().filter(({ outcome }) => outcome === "secondary");
  expect(stoodIn.length).toBeGreaterThanOrEqual(18);
  expect(stoodIn.every(({ revision, reason }) => revision === "fails-r2" && reason === "error")).toBe(true);
  expect(endpoint.loggedRows()).not.toContain("fails-r2");
});

test("a candidate that fails where nothing stands in: its share gets the error, nobody else", async () => {
  const endpoint = new Beside("errs");
  await endpoint.give({ percent: 50, shadow: false });
  await endpoint.break({ kind: "error" }, "errs-r2");
  const answers = await Promise.all(Array.from({ length: 40 }, () => endpoint.ask()));
  const failed = count(answers, ({ status }) => status === 500);
  expect(Math.abs(failed - 20)).toBeLessThanOrEqual(2);
  expect(count(answers, ({ body }) => body.model_version === "1")).toBe(40 - failed);
  await endpoint.want(null);
  expect((await endpoint.versions(40)).every((version) => version === "1")).toBe(true);
});

test("a shadow gets a copy of what was answered, recorded as such and under its name", async () => {
  const endpoint = new Beside("shadows");
  await endpoint.give({ percent: 0, shadow: true });
  const { body } = await endpoint.ask({ id: "copied", rows: 3 });
  expect(body.model_version).toBe("1");
  const copies = () => endpoint.requests().filter(({ source }) => source === "shadow");
  await until("the copy to be recorded", async () => copies().length > 0);
  expect(copies()).toEqual([{ revision: "shadows-r2", source: "shadow", id: "copied", outcome: "model", reason: "" }]);
  expect(endpoint.loggedRows().split("shadows-r2").length - 1).toBe(3);
  expect(await endpoint.count("model")).toBe(1);
});

test("a shadow that hangs delays nobody: callers are answered, and copies beyond what may wait are dropped", async () => {
  const endpoint = new Beside("hangs");
  await endpoint.give({ percent: 0, shadow: true });
  await endpoint.break({ kind: "hang" }, "hangs-r2");
  for (let k = 0; k < 8; k++) expect((await endpoint.ask({ rows: 256 })).body.model_version).toBe("1");
  const dropped = 'proviso_shadow_copies_total{endpoint="hangs",result="dropped"}';
  expect(await endpoint.metric(dropped)).toBeGreaterThan(0);
  await endpoint.break({ kind: "none" }, "hangs-r2");
  await until("what waited to be recorded", async () =>
    endpoint.requests().some(({ source, outcome }) => source === "shadow" && outcome === "model"),
  );
});

test("nobody is turned away while a candidate goes from 5 to 25 to 100 per cent, back, and up again to serving", async () => {
  const endpoint = new Beside("rises");
  const { url } = await endpoint.give({ percent: 0, shadow: true });
  const body = (id: string) =>
    JSON.stringify({ id, inputs: [{ name: "features", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }] });
  const token = host.signer.sign({ aud: "rises" });
  const load = new OpenLoad({ url: `${url}/v2/models/rises/infer`, token, body, perSecond: 150 });
  for (const percent of [5, 25, 100]) {
    await endpoint.want({ percent, shadow: false });
    await endpoint.seen((canary) => canary.percent === percent);
    await load.next(({ version }) => version === "2");
  }
  await endpoint.want(null);
  await host.endpoint("rises", ({ canary }) => canary === null);
  const back = performance.now();
  await load.next(({ due }) => due > back + 500);
  const returned = performance.now();
  await endpoint.want({ percent: 25, shadow: false });
  await load.next(({ version, due }) => due > returned && version === "2");
  await endpoint.want(null, endpoint.second, endpoint.first);
  await host.ready("rises", "rises-r2");
  const served = performance.now();
  await load.next(({ due }) => due > served + 300);
  const sent = await load.stop();
  expect(count(sent, ({ status }) => status !== 200)).toBe(0);
  const during = (from: number, to: number) => sent.filter(({ due }) => due > from && due < to);
  expect(new Set(during(back + 100, back + 500).map(({ version }) => version))).toEqual(new Set(["1"]));
  expect(new Set(during(served, served + 300).map(({ version }) => version))).toEqual(new Set(["2"]));
});

test("a candidate that takes longer than the loop may wait gets its share all the same", async () => {
  const slow = host.store(testModel({ features: 3, hidden: 24, seed: 4 }));
  const endpoint = new Beside("heavy", { model: slow, deadlineMs: 5000 });
  await endpoint.give({ percent: 50, shadow: false });
  expect(count(await endpoint.versions(40), (version) => version === "2")).toBeGreaterThanOrEqual(18);
});
