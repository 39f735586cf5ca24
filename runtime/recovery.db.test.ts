import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { EVENT_TIME_SKEW_MS, PROBE_HEADER } from "@/lib/inference/events";
import { TestClickHouse } from "./test-clickhouse";
import { PROBE_SECRET, TestHost, until } from "./test-host";
import { Load } from "./test-load";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 90_000 });

const clickhouse = new TestClickHouse();
const host = new TestHost();
const startHost = () => host.start({ CLICKHOUSE_URL: clickhouse.url, RUNTIME_SEGMENT_BYTES: "262144" });
beforeAll(async () => {
  await clickhouse.start();
  await startHost();
});
afterAll(async () => {
  await host.close();
  await clickhouse.close();
});

const FEATURES = 3;
const inputs = (rows: number) => [
  { name: "features", datatype: "FP32", shape: [rows, FEATURES], data: Array(rows * FEATURES).fill(0.5) },
];
/** Every eighth request is a batch. */
const rowsOf = (id: string) => (id.endsWith("7") ? 5 : 1);
const shipped = (name: string) => host.endpoint(name, ({ state, spoolBytes }) => state === "ready" && spoolBytes === 0);

async function serve(name: string, more: Parameters<TestHost["config"]>[3] = {}) {
  await host.apply(host.config(name, 1, host.revision(`${name}-r1`, { features: FEATURES }), more));
  const { url } = await host.ready(name, `${name}-r1`);
  return { infer: `${url}/v2/models/${name}/infer`, token: host.signer.sign({ aud: name, sub: "svc" }) };
}

async function countOf(name: string, table: string) {
  const [row] = await clickhouse.query<{ n: number; identities: number }>(
    `SELECT count() AS n, uniqExact(${table === "inference_rows" ? "request_id, row" : "request_id"}) AS identities
     FROM ${table} WHERE endpoint = '${name}'`,
  );
  return row ?? { n: 0, identities: 0 };
}

test("kill -9 of endpoint, host, shipper and ClickHouse under load: every answer is stored, and none twice", async () => {
  const { infer, token } = await serve("kills");
  const body = (id: string) => JSON.stringify({ id, inputs: inputs(rowsOf(id)) });
  const load = new Load({ url: infer, token, body, clients: 8 });
  const moreAnswers = async () => {
    const before = load.answered.size;
    await until("more answers", async () => load.answered.size > before + 300);
  };
  const killChild = async () => process.kill((await host.ready("kills", "kills-r1")).pid ?? 0, "SIGKILL");
  const killShipper = async () => process.kill((await host.status()).shipper.pid ?? 0, "SIGKILL");
  const killHost = () => host.kill("SIGKILL").then(startHost);
  const killClickHouse = () => clickhouse.kill().then(() => clickhouse.start());
  await moreAnswers();
  for (const kill of [killChild, killShipper, killClickHouse, killHost, killShipper, killChild, killClickHouse]) {
    await kill();
    await moreAnswers();
  }
  await load.stop();
  await shipped("kills");

  const stored = await clickhouse.query<{ id: string }>(
    "SELECT request_id AS id FROM inference_requests WHERE endpoint = 'kills' AND outcome != 'rejected'",
  );
  const ids = new Set(stored.map(({ id }) => id));
  const served = [...load.answered].filter(([, status]) => status === 200).map(([id]) => id);
  expect(served.filter((id) => !ids.has(id))).toEqual([]);
  expect([...ids].filter((id) => !load.sent.has(id))).toEqual([]);
  const requests = await countOf("kills", "inference_requests");
  expect(requests.n).toBe(requests.identities);
  const rows = await countOf("kills", "inference_rows");
  expect(rows.n).toBe(rows.identities);
  expect(rows.n).toBe([...ids].reduce((sum, id) => sum + rowsOf(id), 0));
  expect(served.length).toBeGreaterThan(2000);
  expect([...load.answered.values()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
});

test("what a request says is what is stored: identity, times, ages, score, source, refusals", async () => {
  const { infer, token } = await serve("facts", { clock: "supplied" });
  const send = (text: string, headers: Record<string, string> = {}) =>
    fetch(infer, { method: "POST", headers: { authorization: `Bearer ${token}`, ...headers }, body: text });
  const eventTime = Date.UTC(2001, 3, 23);
  const parameters = { event_time: `${eventTime},${eventTime + 1}`, feature_time: eventTime - 90_000 };
  const answer = await (await send(JSON.stringify({ id: "timed", inputs: inputs(2), parameters }))).json();
  await send(JSON.stringify({ id: "untimed", inputs: inputs(1) }));
  const ahead = Date.now() + 1e9;
  await send(JSON.stringify({ id: "ahead", inputs: inputs(1), parameters: { event_time: ahead } }));
  await send(JSON.stringify({ id: "probe", inputs: inputs(1) }), { [PROBE_HEADER]: PROBE_SECRET });
  await send("{");
  await fetch(infer, { method: "POST", body: "{}" });
  await shipped("facts");

  const rows = await clickhouse.query<Record<string, unknown>>(
    `SELECT request_id AS id, row, client, source, toUnixTimestamp64Milli(event_time) AS t,
       toUnixTimestamp64Milli(event_time) - toUnixTimestamp64Milli(received_at) AS lead,
       has_event_time AS timed, clamped, num, cat, ages_s AS ages, score, predicted
     FROM inference_rows WHERE endpoint = 'facts' ORDER BY id, row`,
  );
  const score = expect.closeTo(answer.outputs[0].data[1], 6);
  const predicted = answer.outputs[0].data[1] >= 0.5 ? 1 : 0;
  const common = { client: "svc", source: "live", clamped: false, num: [0.5, 0.5, 0.5], cat: [], score, predicted };
  expect(rows).toEqual([
    {
      ...common,
      id: "ahead",
      row: 0,
      t: expect.any(Number),
      lead: EVENT_TIME_SKEW_MS,
      timed: true,
      clamped: true,
      ages: [],
    },
    { ...common, id: "probe", row: 0, t: expect.any(Number), lead: 0, timed: false, source: "probe", ages: [] },
    { ...common, id: "timed", row: 0, t: eventTime, lead: expect.any(Number), timed: true, ages: [90] },
    {
      ...common,
      id: "timed",
      row: 1,
      t: eventTime + 1,
      lead: expect.any(Number),
      timed: true,
      ages: [expect.closeTo(90.001, 3)],
    },
    { ...common, id: "untimed", row: 0, t: expect.any(Number), lead: 0, timed: false, ages: [] },
  ]);
  const refused = await clickhouse.query<Record<string, unknown>>(
    `SELECT client, reason, outcome, row_count AS n FROM inference_requests
     WHERE endpoint = 'facts' AND outcome = 'rejected' ORDER BY reason`,
  );
  expect(refused).toEqual([
    { client: "svc", reason: "body", outcome: "rejected", n: 0 },
    { client: "", reason: "token", outcome: "rejected", n: 0 },
  ]);
});

test("each row is stored with its bins, a missing value among them, and what breaks the contract; the day's counts follow", async () => {
  const columns = [
    { edges: [], exact: false },
    { edges: [0, 1], exact: false },
    { edges: [2, 4], exact: true },
    { edges: [5], exact: false },
  ];
  const declared = { type: "number", min: null, max: null, missing: "refused" } as const;
  const features = [
    { ...declared, name: "f0", missing: "allowed" as const },
    { ...declared, name: "f1", type: "integer" as const },
    { ...declared, name: "f2", max: 9 },
  ];
  const revision = host.revision("bins-r1", { features: FEATURES }, { baseline: { id: 12, columns }, features });
  await host.apply(host.config("bins", 1, revision));
  const { url } = await host.ready("bins", "bins-r1");
  const data = [0.5, 4, 5, 2, 3.5, 10]; // two rows
  const tensor = { name: "features", datatype: "FP32", shape: [2, 3], data };
  const send = (id: string, inputs: unknown[]) =>
    fetch(`${url}/v2/models/bins/infer`, {
      method: "POST",
      headers: { authorization: `Bearer ${host.signer.sign({ aud: "bins" })}` },
      body: JSON.stringify({ id, inputs }),
    });
  expect((await send("a", [tensor])).status).toBe(200);
  // The model of this test answers NaN for NaN, which is no answer: the request is an error, and not refused.
  expect((await send("b", [{ ...tensor, data: data.with(0, null as never) }])).status).toBe(500);
  expect((await send("c", [{ ...tensor, data: data.with(1, null as never) }])).status).toBe(400);
  await shipped("bins");
  const rows = await clickhouse.query(
    "SELECT row, baseline, bins, violations FROM inference_rows WHERE endpoint = 'bins' ORDER BY row",
  );
  expect(rows).toEqual([
    { row: 0, baseline: 12, bins: [0, 1, 1, 0], violations: [] },
    { row: 1, baseline: 12, bins: [0, 2, 254, 1], violations: [5, 8] },
  ]);
  const counts = await clickhouse.query(
    "SELECT bin, sum(n) AS n FROM drift_day WHERE endpoint = 'bins' AND baseline = 12 AND feature = 2 GROUP BY bin ORDER BY bin",
  );
  expect(counts).toEqual([
    { bin: 1, n: 1 },
    { bin: 254, n: 1 },
  ]);
});

test("while ClickHouse is away events wait and the host says why; when it is back they arrive", async () => {
  const { infer, token } = await serve("waits");
  await clickhouse.kill();
  const headers = { authorization: `Bearer ${token}` };
  const body = JSON.stringify({ id: "waiting", inputs: inputs(1) });
  expect((await fetch(infer, { method: "POST", headers, body })).status).toBe(200);
  await until("the host to report the shipper", async () => {
    const { ok, reason } = (await host.status()).shipper;
    return !ok && (reason ?? "").includes("ClickHouse cannot be reached");
  });
  await clickhouse.start();
  await shipped("waits");
  expect(await countOf("waits", "inference_rows")).toEqual({ n: 1, identities: 1 });
});
