import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { insertRows } from "@/lib/clickhouse/client";
import { insertProbeResults } from "@/lib/clickhouse/probe-results";
import { contractDocument } from "@/lib/contracts/document";
import { db, disconnect, inTransaction } from "@/lib/db";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { REQUEST_COLUMNS } from "@/lib/inference/events";
import { acknowledgeAlert } from "@/lib/monitoring/commands/acknowledge-alert";
import { createChannel } from "@/lib/monitoring/commands/create-channel";
import { createSilence } from "@/lib/monitoring/commands/create-silence";
import { endSilence } from "@/lib/monitoring/commands/end-silence";
import { removeChannel } from "@/lib/monitoring/commands/remove-channel";
import { testChannel } from "@/lib/monitoring/commands/test-channel";
import { updateChannel } from "@/lib/monitoring/commands/update-channel";
import { listChannels } from "@/lib/monitoring/queries/alert-settings";
import { listAlerts, summariseAlerts } from "@/lib/monitoring/queries/alerts";
import { getAlert } from "@/lib/monitoring/queries/incident";
import { getEndpointSlo } from "@/lib/monitoring/queries/slo";
import { MINUTE_MS, SECOND_MS } from "@/lib/time";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";
import { deliverAt } from "@/worker/deliver-alerts";
import { raiseAlertsAt } from "@/worker/raise-alerts";
import { ROUTING_KEY, testReceivers, WEBHOOK_KEY } from "@/worker/test-receivers";

const NAME = "flights";
// Rounds are made at times of our choosing; the clock of this process stands.
const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 60 * MINUTE_MS;

let store: TestClickHouse;
let who: People;
let receivers: Awaited<ReturnType<typeof testReceivers>>;

const at = (now: number) => vi.setSystemTime(now);

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  vi.stubEnv("ARTIFACTS_DIR", mkdtempSync(path.join(tmpdir(), "artifacts-")));
  vi.stubEnv("NEXTAUTH_SECRET", "s".repeat(40));
  vi.stubEnv("PUBLIC_URL", "https://portal.example");
  await testDatabase();
  store = await testClickHouse();
  receivers = await testReceivers();
  who = await people();
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
  await signedContract(who, NAME, withDailyAvailability);
  await serve();
});
afterAll(async () => {
  vi.useRealTimers();
  await receivers.close();
  await store.stop();
  await disconnect();
});

/** 99.9 % over a day, from a hundred requests on: its burn windows are minutes. */
function withDailyAvailability(document: Parameters<typeof contractDocument.parse>[0]) {
  const parsed = contractDocument.parse(document);
  const clauses = parsed.clauses.map((clause) =>
    clause.kind === "availability"
      ? { ...clause, target: 0.999, atRisk: 0.9995, windowSeconds: 86_400, minSamples: 100 }
      : clause,
  );
  return { ...parsed, clauses };
}

async function serve(): Promise<void> {
  const number = await version(who, { model: NAME });
  const [to, under, what] = await Promise.all([
    db().endpoint.findUnique({ where: { name: NAME } }),
    db().contract.findFirst({ where: { number: 1 } }),
    db().modelVersion.findFirst({ where: { number } }),
  ]);
  if (!to || !under || !what) throw new Error("the stage is not set");
  const actor = { email: "test", kind: "process" } as const;
  const ids = { endpointId: to.id, contractId: under.id, modelVersionId: what.id };
  await inTransaction(async (tx) => {
    const { name } = await setServingRevision(tx, { ...ids, spec: { leaves: [], cannot: [] }, specDigest: "0", actor });
    await tx.revision.update({ where: { name }, data: { servedAt: new Date() } });
  });
}

let batch = 0;
async function traffic(minute: number, good: number, bad = 0): Promise<void> {
  batch += 1;
  const rows = Array.from({ length: good + bad }, (_, i) => [
    ...[NAME, `${NAME}-r1`, "live", minute + (i % 60) * SECOND_MS, "c", `t${batch}-${i}`, 3000, 1],
    ...(i < bad ? ["error", ""] : ["model", ""]),
  ]);
  await insertRows("inference_requests", REQUEST_COLUMNS, rows);
}

async function probed(now: number, ok = true): Promise<void> {
  const results = [20, 15, 10, 5, 0].map((seconds) => ({
    ...{ endpoint: NAME, at: now - seconds * SECOND_MS, ok, status: ok ? 200 : 0, latencyUs: 900 },
    reason: ok ? "" : "connection refused",
  }));
  await insertProbeResults(results);
}

/** One round of both jobs. */
async function round(now: number): Promise<void> {
  at(now);
  await raiseAlertsAt(now);
  await deliverAt(now);
}

const alerts = () => db().alert.findMany({ orderBy: { startedAt: "asc" } });
const trail = async (action: string) =>
  (await db().auditEvent.findMany({ where: { action, outcome: "done" } })).map((e) => e.subject);
const channel = (kind: "webhook" | "slack" | "pagerduty" | "alertmanager", more: object = {}) =>
  createChannel.call(who.sre, { name: kind, kind, owner: "night shift", ...more });
const PATHS = { webhook: "/hook", slack: "/services/T/B/x", pagerduty: "/v2/enqueue" };

describe("channels", () => {
  test("without one the summary says that nobody would be told", async () => {
    expect(await summariseAlerts.call(who.scientist, {})).toMatchObject({ channels: 0, uncovered: [NAME] });
  });

  test("a secret goes in and never comes out, neither by the API nor from the table", async () => {
    const made = await channel("webhook", { url: `${receivers.url}${PATHS.webhook}`, secret: WEBHOOK_KEY });
    await channel("slack", { url: `${receivers.url}${PATHS.slack}`, severity: "page" });
    await channel("pagerduty", { url: `${receivers.url}${PATHS.pagerduty}`, secret: ROUTING_KEY });
    expect(made).toMatchObject({ hasSecret: true, severity: "ticket", owner: "night shift" });
    const shown = JSON.stringify(await listChannels.call(who.scientist, {}));
    const stored = JSON.stringify([await db().alertChannel.findMany({}), await db().auditEvent.findMany({})], (_, v) =>
      typeof v === "bigint" ? `${v}` : v,
    );
    for (const secret of [WEBHOOK_KEY, ROUTING_KEY, "T/B/x"]) {
      expect(shown).not.toContain(secret);
      expect(stored).not.toContain(secret);
    }
  });

  test("what does not fit its kind, or leads to the machine's metadata, is refused by its field", async () => {
    const refused = (given: object) => channel("webhook", { name: "x", ...given }).catch((error) => error);
    expect(await refused({ url: "http://169.254.169.254/", secret: WEBHOOK_KEY })).toMatchObject({
      ...{ code: "invalid", fields: { url: [/metadata/] } },
    });
    expect(await refused({ url: "https://x.example", secret: "short" })).toMatchObject({ fields: { secret: [/16/] } });
    expect(await refused({ kind: "pagerduty", secret: "no" })).toMatchObject({ fields: { secret: [/32/] } });
    expect(await refused({ kind: "slack" })).toMatchObject({ fields: { url: [/where/] } });
    expect(await refused({ name: "webhook", url: "https://x.example", secret: WEBHOOK_KEY })).toMatchObject({
      code: "conflict",
    });
    expect(await refused({ endpoint: "nobody", url: "https://x.example", secret: WEBHOOK_KEY })).toMatchObject({
      fields: { endpoint: ["no such endpoint"] },
    });
  });

  test("a test message is taken by every protocol, and a refusal is told in the receiver's words", async () => {
    const { items } = await listChannels.call(who.sre, {});
    for (const { id } of items)
      expect(await testChannel.call(who.sre, { id })).toMatchObject({ ok: true, error: null });
    expect(receivers.taken.map((one) => one.path).sort()).toEqual(
      [PATHS.webhook, PATHS.slack, PATHS.pagerduty, PATHS.pagerduty].sort(),
    );
    const webhook = items.find(({ kind }) => kind === "webhook");
    await updateChannel.call(who.sre, { id: webhook?.id ?? "", secret: "another key of sixteen" });
    expect(await testChannel.call(who.sre, { id: webhook?.id ?? "" })).toMatchObject({
      ...{ ok: false, status: 401, error: /signature is wrong/ },
    });
    await updateChannel.call(who.sre, { id: webhook?.id ?? "", secret: WEBHOOK_KEY });
    receivers.taken.length = 0;
  });
});

describe("a budget that burns", () => {
  const burning = start + 10 * MINUTE_MS;

  test("nothing fires at rest, with traffic and without", async () => {
    await probed(start);
    await round(start);
    await traffic(start, 3000);
    await probed(start + MINUTE_MS);
    await round(start + MINUTE_MS);
    expect(await alerts()).toEqual([]);
  });

  test("it is one alert, however often and by how many workers it is seen, and everybody who should be is told once", async () => {
    for (const minute of [6, 7, 8, 9]) await traffic(start + minute * MINUTE_MS, 450, 50);
    await probed(burning);
    at(burning);
    await Promise.all([raiseAlertsAt(burning), raiseAlertsAt(burning), raiseAlertsAt(burning)]);
    await raiseAlertsAt(burning + 4000);
    expect(await alerts()).toMatchObject([{ kind: "burn_rate", severity: "page", state: "firing", source: "proviso" }]);
    expect(await trail("alert.open")).toEqual([`${NAME}/availability`]);
    receivers.refuse(PATHS.webhook, { status: 503, body: {}, headers: { "retry-after": "30" } });
    await Promise.all([deliverAt(burning + 4000), deliverAt(burning + 4000)]);
    expect(receivers.taken.map((one) => one.path).sort()).toEqual([PATHS.slack, PATHS.pagerduty].sort());
  });

  test("the page of the budget shows the alert, and the numbers of the ledger", async () => {
    at(burning + 5000);
    const slo = await getEndpointSlo.call(who.scientist, { name: NAME });
    const budget = slo.budgets.find(({ kind }) => kind === "availability");
    expect(budget).toMatchObject({ n: 5000, bad: 200, budget: 0.001, left: -39 });
    expect(budget?.alerts.filter(({ state }) => state === "firing").length).toBeGreaterThan(0);
    expect(budget?.points.at(-1)?.left).toBe(budget?.left);
    expect(budget?.outlook).toBe("spent");
    expect(slo).toMatchObject({ firing: 1, channels: 3, notice: null });
    expect(slo.withoutBudget.map(({ clause }) => clause)).toContain("quality_auc");
  });

  test("a receiver that cannot now is asked again when it said so, under the same key", async () => {
    const webhook = async () => (await db().alertDelivery.findMany({ where: { channel: { kind: "webhook" } } }))[0];
    expect(await webhook()).toMatchObject({ state: "pending", attempts: 1, lastStatus: 503 });
    await deliverAt(burning + 33_000);
    expect(receivers.at(PATHS.webhook)).toEqual([]);
    await deliverAt(burning + 34_000);
    expect(await webhook()).toMatchObject({ state: "delivered", attempts: 2, lastStatus: 200, lastError: null });
    expect(receivers.at(PATHS.webhook).map(({ key }) => key)).toEqual([(await webhook())?.id]);
    expect(receivers.at(PATHS.webhook)[0]?.body).toMatchObject({ event: "firing", alert: { endpoint: NAME } });
    await deliverAt(burning + 600_000);
    expect(receivers.taken).toHaveLength(3);
  });

  test("whoever says first that they have it is on record, and those who know of it are told", async () => {
    const [alert] = await alerts();
    const id = alert?.id ?? "";
    await expect(acknowledgeAlert.call(who.scientist, { id })).rejects.toMatchObject({ code: "forbidden" });
    expect(await acknowledgeAlert.call(who.sre, { id, comment: "looking" })).toMatchObject({
      acknowledged: { by: who.sre.email, comment: "looking" },
    });
    await expect(acknowledgeAlert.call(who.sre, { id })).rejects.toMatchObject({ code: "conflict", message: /has it/ });
    await deliverAt(burning + 40_000);
    expect(receivers.at(PATHS.pagerduty).map(({ body }) => body.event_action)).toEqual(["trigger", "acknowledge"]);
    expect(await trail("alert.acknowledge")).toEqual([`${NAME}/availability`]);
  });

  test("it ends after a minute of calm, everybody who knew is told, and what it cost is kept", async () => {
    const calm = burning + 15 * MINUTE_MS;
    for (const minute of [2, 5, 8, 11, 14]) await traffic(burning + minute * MINUTE_MS, 1000);
    await probed(calm);
    await round(calm);
    await round(calm + 1000);
    const [alert] = await alerts();
    expect(alert).toMatchObject({ state: "resolved", annotations: { lasted: expect.stringContaining("min") } });
    const { budgetSpent, timeline } = await getAlert.call(who.sre, { id: alert?.id ?? "" });
    // 200 of 10,000 requests failed, where ten may.
    expect(budgetSpent).toBe(20);
    expect(timeline.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["opened", "delivered", "acknowledged", "resolved"]),
    );
    expect(timeline.map((entry) => entry.at)).toEqual(timeline.map((entry) => entry.at).sort());
    expect(receivers.at(PATHS.pagerduty).at(-1)?.body.event_action).toBe("resolve");
    expect(receivers.at(PATHS.webhook).at(-1)?.body.event).toBe("resolved");
    expect(await trail("alert.resolve")).toEqual([`${NAME}/availability`]);
  });
});

describe("silence", () => {
  const down = start + 40 * MINUTE_MS;

  test("nobody is told of a silenced alert; when the silence ends and it still fires, everybody is", async () => {
    receivers.taken.length = 0;
    at(down);
    await expect(createSilence.call(who.sre, { endpoint: NAME, reason: "maintenance" })).rejects.toMatchObject({
      fields: { endsAt: [/until when/] },
    });
    const quiet = await createSilence.call(who.sre, { endpoint: NAME, reason: "maintenance", minutes: 60 });
    await probed(down, false);
    await insertProbeResults(
      [0, 1, 2, 3].map((i) => ({
        ...{
          endpoint: NAME,
          at: down + (i + 1) * 5 * SECOND_MS,
          ok: false,
          status: 0,
          latencyUs: 0,
          reason: "refused",
        },
      })),
    );
    await round(down + 20_000);
    const { items } = await listAlerts.call(who.scientist, { state: "firing", endpoint: NAME });
    expect(items).toMatchObject([
      { kind: "endpoint_down", silence: { reason: "maintenance" }, deliveries: { silenced: 3 } },
    ]);
    expect(receivers.taken).toEqual([]);
    at(down + 21_000);
    await endSilence.call(who.sre, { id: quiet.id });
    await round(down + 22_000);
    expect(receivers.taken.map((one) => one.path).sort()).toEqual(Object.values(PATHS).sort());
    await expect(endSilence.call(who.sre, { id: quiet.id })).rejects.toMatchObject({ code: "conflict" });
  });

  test("an endpoint that was not asked does not count as up again", async () => {
    await round(down + 10 * MINUTE_MS);
    expect((await listAlerts.call(who.sre, { state: "firing" })).items).toHaveLength(1);
    await probed(down + 11 * MINUTE_MS);
    await round(down + 11 * MINUTE_MS);
    expect((await listAlerts.call(who.sre, { state: "firing" })).items).toEqual([]);
  });

  test("a channel that was removed is told of nothing, and stays in the log under its name", async () => {
    const { items } = await listChannels.call(who.sre, {});
    const slack = items.find(({ kind }) => kind === "slack");
    await removeChannel.call(who.sre, { id: slack?.id ?? "" });
    expect((await listChannels.call(who.sre, {})).items.map(({ kind }) => kind)).toEqual(["pagerduty", "webhook"]);
    const [first] = (await listAlerts.call(who.sre, {})).items;
    const { deliveryLog } = await getAlert.call(who.sre, { id: first?.id ?? "" });
    expect(deliveryLog.map(({ channel: name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^slack \(removed/)]),
    );
  });
});

test("lists page without losing or repeating an alert", async () => {
  const all = (await listAlerts.call(who.sre, {})).items.map(({ id }) => id);
  expect(all).toHaveLength(2);
  const first = await listAlerts.call(who.sre, { limit: 1 });
  const second = await listAlerts.call(who.sre, { limit: 1, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all);
  expect(second.nextCursor).toBeNull();
});
