import { writeFileSync } from "node:fs";
import path from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { queryRows } from "@/lib/clickhouse/client";
import { db, disconnect } from "@/lib/db";
import { issueToken } from "@/lib/deployments/commands/issue-token";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { getPromotion } from "@/lib/governance/queries/promotions";
import { readIssuerKey } from "@/lib/inference/issuer-key";
import { recordGroundTruth } from "@/lib/monitoring/commands/record-ground-truth";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";
import { PROBE_SECRET, TestHost, until } from "@/runtime/test-host";
import { testModel } from "@/runtime/test-model";
import { applyEndpoints } from "@/worker/apply-endpoints";
import { applyPromotions } from "@/worker/apply-promotions";
import { desiredEndpoints } from "@/worker/desired-endpoints";
import { evaluateAt } from "@/worker/evaluate-clauses";
import { localTarget } from "@/worker/local-target";
import { probeEndpoints } from "@/worker/probe-endpoints";
import { settleGroundTruth } from "@/worker/settle-labels";

const NAME = "flights";
const LIMIT_MS = 90_000;
vi.setConfig({ testTimeout: LIMIT_MS });
const host = new TestHost();
const never = new AbortController().signal;
let store: TestClickHouse;
let who: People;

beforeAll(async () => {
  const keyFile = path.join(host.dir, "issuer.json");
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  writeFileSync(keyFile, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  vi.stubEnv("ARTIFACTS_DIR", host.artifactsDir);
  vi.stubEnv("INFERENCE_ISSUER", "urn:test");
  vi.stubEnv("INFERENCE_KEY_FILE", keyFile);
  vi.stubEnv("PROBE_SECRET", PROBE_SECRET);
  await testDatabase();
  store = await testClickHouse();
  await host.start({ CLICKHOUSE_URL: store.url });
  who = await people();
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
  await signedContract(who, NAME);
  const { publicKey } = await readIssuerKey(keyFile);
  const issuer = { issuer: "urn:test", jwks: { keys: [{ ...publicKey }] } };
  const target = localTarget({ url: host.url, token: "admin-token-for-tests" });
  await promote(applyEndpoints(target, () => desiredEndpoints("local", issuer)));
}, LIMIT_MS);

afterAll(async () => {
  await host.close();
  await store.stop();
  await disconnect();
});

async function promote(apply: ReturnType<typeof applyEndpoints>): Promise<void> {
  const number = await version(who, { model: NAME, bytes: testModel({ features: 2, seed: 1 }) });
  const subject = { endpoint: NAME, model: NAME, version: number };
  const { id } = await requestPromotion.call(who.scientist, { ...subject, comment: "first" });
  for (const person of [who.validator, who.governance]) {
    const { inputsDigest } = await getPromotion.call(person, { id });
    await decidePromotion.call(person, { id, decision: "approve", comment: "seen", inputsDigest });
  }
  await until("the promotion to be active", async () => {
    await applyPromotions.run(never);
    await apply.run(never);
    return (await db().promotion.findUnique({ where: { id } }))?.state === "active";
  });
}

async function infer(id: string): Promise<number> {
  const { token, inferenceUrl } = await issueToken.call(who.scientist, { name: NAME });
  const body = {
    id,
    parameters: { event_time: Date.now(), feature_time: Date.now() - 60_000 },
    inputs: [{ name: "features", datatype: "FP32", shape: [1, 2], data: [3, 500] }],
  };
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return (await fetch(inferenceUrl ?? "", { method: "POST", headers, body: JSON.stringify(body) })).status;
}

const results = (sql: string) => queryRows(sql, {}, z.record(z.string(), z.unknown()));
const states = async () =>
  Object.fromEntries(
    (await db().clauseState.findMany({})).map(({ clauseId, state, reason }) => [clauseId, { state, reason }]),
  );

test(
  "a probe is answered like any client, and its request is stored as a probe and feeds no clause",
  async () => {
    await probeEndpoints.run(never);
    expect(await results("SELECT ok, status, reason FROM probe_results")).toEqual([
      { ok: true, status: 200, reason: "" },
    ]);
    await until("the probe's event to be shipped", async () => {
      const rows = await results("SELECT source, client, outcome FROM inference_requests");
      return rows.length > 0;
    });
    expect(await results("SELECT DISTINCT source, client, outcome FROM inference_requests")).toEqual([
      { source: "probe", client: "probe", outcome: "model" },
    ]);
    expect(await results("SELECT * FROM event_clock")).toEqual([]);
    await evaluateAt(Date.now());
    const { latency_p95, availability } = await states();
    expect(latency_p95).toEqual({ state: "unproven", reason: expect.stringMatching(/no traffic/) });
    expect(availability).toEqual({ state: "unproven", reason: expect.stringMatching(/no traffic/) });
  },
  LIMIT_MS,
);

test(
  "a label finds the row that the runtime stored, by request id and the caller's token",
  async () => {
    expect(await infer("request/1")).toBe(200);
    const line = {
      endpoint: NAME,
      row: "request/1/0",
      client: who.scientist.email,
      observed_at: Date.now(),
      value: 1 as const,
    };
    await recordGroundTruth.call(who.ci, { lines: [line] });
    await until("the label to be joined", async () => {
      await settleGroundTruth.run(never);
      return (await results("SELECT 1 FROM ground_truth")).length === 1;
    });
    expect(await results("SELECT count() AS n FROM ground_truth_inbox FINAL WHERE NOT settled")).toEqual([{ n: 0 }]);
  },
  LIMIT_MS,
);

test(
  "the runtime stops: its probes fail, and within thirty seconds no latency or availability clause says met",
  async () => {
    await host.kill("SIGKILL");
    await until("the endpoint to be gone", async () => {
      await probeEndpoints.run(never);
      const [last] = await results("SELECT ok, status FROM probe_results ORDER BY at DESC LIMIT 1");
      return last?.ok === false;
    });
    await evaluateAt(Date.now() + 18_000);
    const { latency_p95, latency_p99, availability } = await states();
    for (const each of [latency_p95, latency_p99]) {
      expect(each).toEqual({ state: "unproven", reason: expect.stringMatching(/no good answer/) });
    }
    expect(availability).toEqual({ state: "at_risk", reason: expect.stringMatching(/unavailable/) });
  },
  LIMIT_MS,
);
