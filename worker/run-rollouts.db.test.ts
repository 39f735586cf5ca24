import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db, disconnect, inTransaction } from "@/lib/db";
import { adoptHostRollback } from "@/lib/deployments/commands/adopt-host-rollback";
import { extendRollout } from "@/lib/deployments/commands/extend-rollout";
import { pauseAllRollouts } from "@/lib/deployments/commands/pause-all-rollouts";
import { pauseRollout } from "@/lib/deployments/commands/pause-rollout";
import { resumeAllRollouts } from "@/lib/deployments/commands/resume-all-rollouts";
import { resumeRollout } from "@/lib/deployments/commands/resume-rollout";
import { rollBackEndpoint } from "@/lib/deployments/commands/roll-back-endpoint";
import { getEndpointRollout, listRollouts } from "@/lib/deployments/queries/rollouts";
import { concludePromotion } from "@/lib/governance/commands/conclude-promotion";
import { concludeRollout } from "@/lib/governance/commands/conclude-rollout";
import { stopRollout } from "@/lib/governance/commands/stop-rollout";
import { getPromotion } from "@/lib/governance/queries/promotions";
import { endpointStatus } from "@/lib/inference/desired-state";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";
import { run, type TestDatabase, testDatabase } from "@/prisma/test-database";
import { PLAN, TestRollout } from "@/prisma/test-rollout";
import { type People, people } from "@/prisma/test-stage";
import { runRolloutsAt } from "@/worker/run-rollouts";

vi.setConfig({ testTimeout: 60_000 });
let store: TestClickHouse;
let database: TestDatabase;
let directory: string;
let who: People;
let count = 0;
let on: TestRollout;
let promotion: number;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "rollouts-"));
  vi.stubEnv("ARTIFACTS_DIR", directory);
  database = await testDatabase();
  store = await testClickHouse();
  who = await people();
}, 60_000);
afterAll(async () => {
  await store.stop();
  await disconnect();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  on = new TestRollout(`roll-${++count}`, who);
  promotion = await on.begin();
});

/** Nothing of one test is left to be looked at by the next. */
afterEach(async () => {
  const { id, endedAt } = await on.rollout();
  if (!endedAt) await stopRollout.call(who.sre, { id, reason: "the test is over" });
});

/** A look of the worker, two seconds from now: past the least time of a stage. */
const look = () => runRolloutsAt(Date.now() + 2000);
const shareOf = async () => {
  const { canary, canaryPercent, serving, warm } = await on.row();
  return [canary?.name ?? null, canaryPercent, serving?.name, warm?.name ?? null];
};
const promotionState = async () => (await getPromotion.call(who.sre, { id: promotion })).state;
const r = (n: number) => `${on.name}-r${n}`;

/** The golden set is answered, and the first step has begun on the target. */
async function stepping(): Promise<void> {
  await on.observe();
  await on.golden();
  await look();
  await on.observe();
  await look();
}

const GOOD = { candidate: { n: 150 }, incumbent: { n: 1350 } };
const BAD = { candidate: { n: 40, slow: 30 }, incumbent: { n: 360, slow: 1 } };

describe("a rollout goes forward", () => {
  test("from an approved promotion, with no request before the golden set, step by step, until it serves alone", async () => {
    expect(await promotionState()).toBe("rolling_out");
    expect(await shareOf()).toEqual([r(2), 0, r(1), null]);
    await on.observe();
    await look();
    expect(await shareOf()).toEqual([r(2), 0, r(1), null]);
    await on.golden();
    await look();
    expect(await shareOf()).toEqual([r(2), 10, r(1), null]);
    await on.observe();
    await look();
    await on.traffic(GOOD);
    await look();
    expect(await shareOf()).toEqual([r(2), 50, r(1), null]);
    await on.observe();
    await look();
    await on.traffic({ candidate: { n: 700 }, incumbent: { n: 700 } });
    await look();
    expect(await shareOf()).toEqual([null, 0, r(2), r(1)]);
    expect(await promotionState()).toBe("applying");
    await on.observe();
    await inTransaction((tx) => concludePromotion(tx, promotion));
    expect(await promotionState()).toBe("active");
    const { rollout } = await getEndpointRollout.call(who.validator, { name: on.name });
    expect(rollout).toMatchObject({ state: "completed", percent: 100, endedBy: "rollouts", waitsFor: null });
    expect(rollout?.stages.map(({ label, progress }) => [label, progress])).toEqual([
      ["Golden set", "done"],
      ["10 %", "done"],
      ["50 %", "done"],
      ["All requests", "done"],
    ]);
    expect(rollout?.stages[1]).toMatchObject({ samples: 150, samplesNeeded: 100 });
    expect(rollout?.events.map(({ kind }) => kind)).toEqual(["completed", "advanced", "advanced", "golden", "started"]);
  });

  test("through the shadow first where the plan has one, with what the candidate says to copies", async () => {
    on = new TestRollout(`roll-${++count}`, who);
    promotion = await on.begin({ ...PLAN, shadow: true });
    await stepping();
    expect(await on.row()).toMatchObject({ canaryPercent: 0, canaryShadow: true });
    await on.traffic({ candidate: { n: 300 }, incumbent: { n: 300 } });
    await look();
    expect(await on.row()).toMatchObject({ canaryPercent: 10, canaryShadow: false });
  });

  test("and two workers that look at the same time take one step, not two", async () => {
    await stepping();
    await on.traffic(GOOD);
    await Promise.all([look(), look(), look()]);
    expect(await on.rollout()).toMatchObject({ step: 1, state: "stepping" });
    expect((await on.row()).generation).toBe(4);
    expect((await on.rollout()).events.filter(({ kind }) => kind === "advanced")).toHaveLength(2);
  });
});

describe("a rollout stays", () => {
  const percent = async () => (await on.row()).canaryPercent;

  test("without data, whatever time has passed, and says what it waits for", async () => {
    await stepping();
    await runRolloutsAt(Date.now() + 10_000);
    expect(await percent()).toBe(10);
    const { rollout } = await getEndpointRollout.call(who.scientist, { name: on.name });
    expect(rollout).toMatchObject({ waitsFor: "0 of 100 samples", samples: 0, samplesNeeded: 100, percent: 10 });
    await on.traffic({ candidate: { n: 150 } });
    await look();
    expect(await percent()).toBe(10);
    const after = await getEndpointRollout.call(who.scientist, { name: on.name });
    expect(after.rollout?.waitsFor).toMatch(/^no data for share slower than .* against/);
  });

  test("while the target has not done what is wanted: samples of before do not count", async () => {
    await on.observe();
    await on.golden();
    await look();
    await on.traffic(GOOD);
    await look();
    expect(await percent()).toBe(10);
    expect((await on.rollout()).stageSince).toBeNull();
  });

  test("paused, until it is resumed", async () => {
    await stepping();
    await on.traffic(GOOD);
    const { id } = await on.rollout();
    await pauseRollout.call(who.scientist, { id, reason: "a look at the weekend" });
    await look();
    expect(await percent()).toBe(10);
    await expect(pauseRollout.call(who.sre, { id, reason: "again" })).rejects.toMatchObject({ code: "conflict" });
    await resumeRollout.call(who.sre, { id });
    await look();
    expect(await percent()).toBe(50);
    await expect(resumeRollout.call(who.sre, { id })).rejects.toMatchObject({ code: "conflict" });
  });

  test("while all are paused, and a breach goes back all the same", async () => {
    await stepping();
    await pauseAllRollouts.call(who.sre, { reason: "change freeze" });
    try {
      await on.traffic(GOOD);
      await look();
      expect(await percent()).toBe(10);
      const { switch: turned, items } = await listRollouts.call(who.scientist, {});
      expect(turned).toMatchObject({ paused: true, by: who.sre.email, reason: "change freeze" });
      expect(items.find(({ endpoint }) => endpoint === on.name)).toMatchObject({ pausedByAll: true, percent: 10 });
      await expect(pauseAllRollouts.call(who.sre, { reason: "again" })).rejects.toMatchObject({ code: "conflict" });
      await on.traffic({ candidate: { n: 60, slow: 60 } });
      await look();
      expect(await promotionState()).toBe("rolled_back");
    } finally {
      await resumeAllRollouts.call(who.sre, { reason: "the freeze is over" });
    }
  });

  test("for what a person adds to the stage", async () => {
    const { id } = await on.rollout();
    const more = { id, samples: 100, reason: "the night is quiet" };
    await expect(extendRollout.call(who.sre, more)).rejects.toMatchObject({ code: "precondition" });
    await expect(extendRollout.call(who.sre, { id, reason: "nothing" })).rejects.toMatchObject({ code: "invalid" });
    await stepping();
    await on.traffic(GOOD);
    expect(await extendRollout.call(who.sre, more)).toMatchObject({ extraSamples: 100 });
    await look();
    expect(await percent()).toBe(10);
    await on.traffic(GOOD);
    await look();
    expect(await percent()).toBe(50);
    expect(await on.rollout()).toMatchObject({ extraSamples: 0 });
  });
});

describe("a rollout goes back", () => {
  test("in one change when a clause breaks, with its evidence, and the incumbent has served all the while", async () => {
    await stepping();
    await on.traffic(BAD);
    await look();
    expect(await shareOf()).toEqual([null, 0, r(1), null]);
    const { state, stateReason } = await getPromotion.call(who.sre, { id: promotion });
    expect([state, stateReason]).toEqual(["rolled_back", expect.stringMatching(/^30 of 40 requests were slower than/)]);
    const { rollout } = await getEndpointRollout.call(who.scientist, { name: on.name });
    expect(rollout).toMatchObject({ state: "rolled_back", percent: 0, endedBy: "rollouts", samples: 40 });
    expect(rollout?.stages.map(({ progress }) => progress)).toEqual(["done", "ended", "ahead", "ahead"]);
    expect(rollout?.events[0]).toMatchObject({ kind: "rolled_back", percent: 10, samples: 40, actor: "rollouts" });
    expect(rollout?.events[0]?.guards.filter(({ state }) => state === "broken").length).toBeGreaterThan(0);
    const trail = await db().auditEvent.findMany({
      where: {
        action: { in: ["rollout.roll_back", "promotion.roll_back"] },
        subject: { in: [on.name, `${promotion}`] },
      },
    });
    expect(trail).toHaveLength(2);
    expect(trail.every(({ actor, actorKind }) => actor === "rollouts" && actorKind === "process")).toBe(true);
    await look();
    expect((await on.rollout()).events.filter(({ kind }) => kind === "rolled_back")).toHaveLength(1);
  });

  test("before the first request when the golden set is answered differently", async () => {
    await on.observe();
    await on.golden(0.9);
    expect(await on.golden()).toBe(false);
    await look();
    expect(await shareOf()).toEqual([null, 0, r(1), null]);
    expect(await promotionState()).toBe("rolled_back");
  });

  test("when the target cannot run the candidate, with the target's reason", async () => {
    const canary = { revision: r(2), state: "failed", reason: "no memory", percent: 0, shadow: false } as const;
    await on.observe({ canary });
    await look();
    expect(await promotionState()).toBe("rolled_back");
    expect((await on.rollout()).reason).toContain("no memory");
  });

  test("by a person, now, who is told what serves; and the next promotion may roll out", async () => {
    await stepping();
    const { id } = await on.rollout();
    const order = { id, reason: "callers complain" };
    await expect(stopRollout.call(who.validator, order)).rejects.toMatchObject({ code: "forbidden" });
    const done = await stopRollout.call(who.scientist, order);
    expect(done).toMatchObject({ state: "stopped", serving: r(1), candidate: r(2), promotion });
    expect(await shareOf()).toEqual([null, 0, r(1), null]);
    expect(await promotionState()).toBe("rolled_back");
    await expect(stopRollout.call(who.sre, order)).rejects.toMatchObject({ code: "conflict" });
    await on.next(0.77);
    expect((await on.row()).canary?.name).toBe(r(3));
  });

  test("and the next serves at once where the target could not run what serves: nothing is there to stand beside", async () => {
    const { id } = await on.rollout();
    await stopRollout.call(who.sre, { id, reason: "the process died" });
    await on.observe({ state: "failed", serving: null, reason: "it ends again and again" });
    await on.next(0.77);
    expect(await shareOf()).toEqual([null, 0, r(3), r(1)]);
  });

  test("when the endpoint is rolled back meanwhile, by a person or on the host, and the promotion follows", async () => {
    await stepping();
    await on.traffic(GOOD);
    await look();
    await on.observe();
    await look();
    await on.traffic({ candidate: { n: 700 }, incumbent: { n: 700 } });
    await look();
    await on.observe();
    await inTransaction((tx) => concludePromotion(tx, promotion));
    promotion = await on.next(0.78);
    const { generation } = await on.row();
    await rollBackEndpoint.call(who.sre, { name: on.name, confirm: on.name, generation, reason: "errors" });
    expect(await shareOf()).toEqual([null, 0, r(1), r(2)]);
    expect(await on.rollout()).toMatchObject({ state: "stopped", endedBy: who.sre.email });
    await inTransaction((tx) => concludeRollout(tx, promotion, { email: "deployment", kind: "process" }));
    expect(await promotionState()).toBe("rolled_back");

    promotion = await on.next(0.79);
    const row = await on.row();
    const rolledBack = {
      from: r(1),
      to: r(2),
      at: Date.now(),
      by: "root",
      reason: "at night",
      generation: row.generation + 1,
    };
    const status = endpointStatus.parse({ ...(row.observed as object), generation: row.generation + 1, rolledBack });
    await inTransaction((tx) => adoptHostRollback(tx, status));
    expect(await shareOf()).toEqual([null, 0, r(2), r(1)]);
    expect(await on.rollout()).toMatchObject({ state: "stopped", endedBy: "root" });
  });
});

describe("the database, as the second line", () => {
  const refused = (sql: string) => expect(run(database.app, [sql]), sql).rejects.toThrow();
  const allowed = (sql: string) => run(database.app, [sql]);
  const ofEndpoint = () => `WHERE name = '${on.name}'`;
  const ofRollout = async () => `WHERE id = '${(await on.rollout()).id}'`;

  test("gives a candidate nothing but the share of its stage, and takes it away at any time", async () => {
    const set = (change: string) => `UPDATE endpoint SET generation = generation + 1, ${change} ${ofEndpoint()}`;
    await refused(set("canary_percent = 1"));
    await refused(set("canary_shadow = true"));
    await stepping();
    for (const percent of [11, 50, 100]) await refused(set(`canary_percent = ${percent}`));
    await refused(set("serving_id = canary_id, canary_id = NULL, canary_percent = 0"));
    await refused(`UPDATE endpoint SET canary_percent = 0 ${ofEndpoint()}`);
    await allowed(set("canary_percent = 5"));
    await allowed(set("canary_percent = 10"));
    await allowed(set("canary_id = NULL, canary_percent = 0"));
  });

  test("takes no step that skips one, the golden set or a pause, and none out of an end", async () => {
    const set = async (change: string) => `UPDATE rollout SET ${change} ${await ofRollout()}`;
    await refused(await set("state = 'stepping'"));
    await on.observe();
    await on.golden();
    await refused(await set(`golden = jsonb_set(golden, '{passed}', 'false')`));
    await refused(await set("state = 'shadow'"));
    await refused(await set("state = 'stepping', step = 1"));
    await refused(await set("paused = true, state = 'completed', ended_at = now(), reason = 'x', ended_by = 'x'"));
    await look();
    await allowed(await set("paused = true"));
    await refused(await set("step = 1"));
    await refused(await set(`plan = jsonb_set(plan, '{steps,0,percent}', '90')`));
    await refused(`DELETE FROM rollout ${await ofRollout()}`);
    await refused(`DELETE FROM rollout_event`);
    await allowed(await set("state = 'stopped', ended_at = now(), reason = 'x', ended_by = 'x'"));
    await refused(await set("state = 'stepping', ended_at = NULL, reason = NULL, ended_by = NULL"));
  });

  test("begins none without an approved promotion that rolls out, and only one at a time", async () => {
    const row = await on.rollout();
    const values = `${promotion}, '${row.endpointId}', '${row.candidateId}', '${row.incumbentId}', '${JSON.stringify(row.plan)}'`;
    const insert = `INSERT INTO rollout (promotion_id, endpoint_id, candidate_id, incumbent_id, plan) VALUES (${values})`;
    await refused(insert);
    await refused(insert.replace(`(${promotion},`, "(1,"));
    await refused(`UPDATE promotion SET state = 'applying' WHERE id = ${promotion}`);
    await refused(`UPDATE promotion SET state = 'rolled_back' WHERE id = ${promotion}`);
  });
});
