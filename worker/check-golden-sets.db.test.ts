import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { db, disconnect, inTransaction } from "@/lib/db";
import { readObserved } from "@/lib/deployments/observed-state";
import { applyPromotion } from "@/lib/governance/commands/apply-promotion";
import { readIssuerKey } from "@/lib/inference/issuer-key";
import { testDatabase } from "@/prisma/test-database";
import { PLAN, TestRollout } from "@/prisma/test-rollout";
import { people } from "@/prisma/test-stage";
import { PROBE_SECRET, TestHost, until } from "@/runtime/test-host";
import { testModel } from "@/runtime/test-model";
import { applyEndpoints } from "@/worker/apply-endpoints";
import { checkGoldenSets } from "@/worker/check-golden-sets";
import { desiredEndpoints } from "@/worker/desired-endpoints";
import type { Job } from "@/worker/job";
import { localTarget } from "@/worker/local-target";
import { runRollouts } from "@/worker/run-rollouts";

const LIMIT_MS = 120_000;
const SAMPLE = path.resolve(import.meta.dirname, "../examples/flight-delays/models/reference.parquet");
const never = new AbortController().signal;
const host = new TestHost();
let on: TestRollout;
let apply: Job;

beforeAll(async () => {
  const keyFile = path.join(host.dir, "issuer.json");
  await host.start();
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  writeFileSync(keyFile, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  vi.stubEnv("ARTIFACTS_DIR", host.artifactsDir);
  vi.stubEnv("INFERENCE_ISSUER", "urn:test");
  vi.stubEnv("INFERENCE_KEY_FILE", keyFile);
  vi.stubEnv("PROBE_SECRET", PROBE_SECRET);
  await testDatabase();
  const sample = await readFile(SAMPLE);
  const files = (seed: number) => ({ bytes: testModel({ features: 2, seed }), sample, features: ["hour", "distance"] });
  on = new TestRollout("golden", await people(), files);
  const { publicKey } = await readIssuerKey(keyFile);
  const issuer = { issuer: "urn:test", jwks: { keys: [{ ...publicKey }] } };
  const target = localTarget({ url: host.url, token: "admin-token-for-tests" });
  apply = applyEndpoints(target, () => desiredEndpoints("local", issuer));
}, LIMIT_MS);
afterAll(async () => {
  await host.close();
  await disconnect();
});

test(
  "a candidate is loaded beside what serves, asked the golden set at the endpoint's own address, and only then given its share",
  async () => {
    const first = await on.prepare(PLAN);
    await inTransaction((tx) => applyPromotion(tx, first));
    await until("the first version to serve", async () => {
      await apply.run(never);
      return (await db().promotion.findUnique({ where: { id: first } }))?.state === "active";
    });
    await on.next(0.76);
    await until("the golden set to be answered", async () => {
      await apply.run(never);
      await checkGoldenSets.run(never);
      await runRollouts.run(never);
      return (await on.rollout()).golden !== null;
    });
    const { golden } = await on.rollout();
    expect(golden).toMatchObject({ rows: 32, passed: true, tolerance: 1e-4 });
    await until("the candidate to get its share", async () => {
      await runRollouts.run(never);
      await apply.run(never);
      return (await on.rollout()).stageSince !== null;
    });
    const canary = readObserved((await on.row()).observed)?.canary;
    expect(canary).toMatchObject({ revision: "golden-r2", state: "ready", percent: 10, shadow: false });
    expect((await on.row()).serving?.name).toBe("golden-r1");
  },
  LIMIT_MS,
);
