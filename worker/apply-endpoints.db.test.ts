import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { db, disconnect } from "@/lib/db";
import { issueToken } from "@/lib/deployments/commands/issue-token";
import { getEndpoint } from "@/lib/deployments/queries";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { getPromotion } from "@/lib/governance/queries/promotions";
import { readIssuerKey } from "@/lib/inference/issuer-key";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";
import { childEnvironment } from "@/runtime/env";
import { TestHost, until } from "@/runtime/test-host";
import { testModel } from "@/runtime/test-model";
import { ROOT, TYPESCRIPT } from "@/runtime/typescript-loader";
import { applyEndpoints } from "@/worker/apply-endpoints";
import { applyPromotions } from "@/worker/apply-promotions";
import { desiredEndpoints, type Issuer } from "@/worker/desired-endpoints";
import type { Job } from "@/worker/job";
import { localTarget } from "@/worker/local-target";

const NAME = "flights";
const LIMIT_MS = 60_000;
const host = new TestHost();
const never = new AbortController().signal;
let who: People;
let target: ReturnType<typeof localTarget>;
let apply: Job;
let environment: Record<string, string>;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  const { app } = await testDatabase();
  await host.start();
  const keyFile = path.join(host.dir, "issuer.json");
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  writeFileSync(keyFile, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  environment = {
    DATABASE_URL: app,
    ARTIFACTS_DIR: host.artifactsDir,
    INFERENCE_ISSUER: "urn:test",
    INFERENCE_KEY_FILE: keyFile,
    RUNTIME_URL: host.url,
    RUNTIME_TOKEN: "admin-token-for-tests",
  };
  for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);
  who = await people();
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
  await signedContract(who, NAME);
  target = localTarget({ url: host.url, token: "admin-token-for-tests" });
  apply = applyEndpoints(target, async () => desiredEndpoints("local", await issuer(keyFile)));
}, LIMIT_MS);

afterAll(async () => {
  worker?.kill("SIGKILL");
  await host.close();
  await disconnect();
});

async function issuer(keyFile: string): Promise<Issuer> {
  const { publicKey } = await readIssuerKey(keyFile);
  return { issuer: "urn:test", jwks: { keys: [{ ...publicKey }] } };
}

/** Requested and approved by two. */
async function approved(number: number): Promise<number> {
  const subject = { endpoint: NAME, model: NAME, version: number };
  const { id } = await requestPromotion.call(who.scientist, { ...subject, comment: "next" });
  for (const person of [who.validator, who.governance]) {
    const { inputsDigest } = await getPromotion.call(person, { id });
    await decidePromotion.call(person, { id, decision: "approve", comment: "seen", inputsDigest });
  }
  return id;
}

const stateOf = async (id: number) => (await db().promotion.findUnique({ where: { id } }))?.state;

/** Rounds of the worker in this process, until the promotion is in this state. */
function rounds(id: number, state: string): Promise<void> {
  return until(`promotion ${id} to be ${state}`, async () => {
    await applyPromotions.run(never);
    await apply.run(never);
    return (await stateOf(id)) === state;
  });
}

async function infer(): Promise<Response> {
  const { token, inferenceUrl } = await issueToken.call(who.scientist, { name: NAME });
  const body = {
    parameters: { event_time: Date.now(), feature_time: Date.now() },
    inputs: [{ name: "features", datatype: "FP32", shape: [1, 2], data: [3, 500] }],
  };
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return fetch(inferenceUrl ?? "", { method: "POST", headers, body: JSON.stringify(body) });
}

const model = (seed: number) => testModel({ features: 2, seed });

test(
  "an approved promotion serves, is active, and answers a token of our own issuer",
  async () => {
    const number = await version(who, { model: NAME, bytes: model(1), auc: 0.75 });
    const id = await approved(number);
    await rounds(id, "active");
    const answer = await infer();
    expect([answer.status, await answer.json()]).toMatchObject([200, { model_name: NAME, model_version: "1" }]);
    const shown = await getEndpoint.call(who.sre, { name: NAME });
    expect(shown).toMatchObject({
      generation: 1,
      settled: true,
      serving: { revision: "flights-r1", version: 1, contract: 1, servedAt: expect.any(String) },
      contractInForce: { number: 1 },
      observed: { state: "ready", serving: "flights-r1", generation: 1 },
      inferenceUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v2\/models\/flights\/infer$/),
    });
    const actions = await db().auditEvent.findMany({ where: { subject: { in: [NAME, `${id}`] } } });
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["promotion.apply", "endpoint.serve", "promotion.activate", "inference.token"]),
    );
  },
  LIMIT_MS,
);

test(
  "a revision that the runtime refuses fails its promotion with the reason, and the one before serves on",
  async () => {
    const number = await version(who, { model: NAME, bytes: Buffer.from("no ONNX file"), auc: 0.76 });
    const id = await approved(number);
    await rounds(id, "failed");
    const row = await getPromotion.call(who.scientist, { id });
    expect(row.stateReason).toMatch(/\w/);
    await until("the endpoint to settle", async () => {
      await apply.run(never);
      return (await getEndpoint.call(who.sre, { name: NAME })).settled;
    });
    expect(await getEndpoint.call(who.sre, { name: NAME })).toMatchObject({
      generation: 3,
      serving: { revision: "flights-r1" },
      warm: null,
      observed: { state: "ready", serving: "flights-r1" },
    });
    expect((await infer()).status).toBe(200);
  },
  LIMIT_MS,
);

test(
  "a stalled worker cannot undo what a later one applied",
  async () => {
    const old = await desiredEndpoints("local", await issuer(path.join(host.dir, "issuer.json")));
    const id = await approved(await version(who, { model: NAME, bytes: model(3), auc: 0.77 }));
    await rounds(id, "active");
    expect(await target.apply(old)).toEqual({ stale: [NAME] });
    await apply.run(never);
    expect(await getEndpoint.call(who.sre, { name: NAME })).toMatchObject({
      serving: { revision: "flights-r3" },
      warm: { revision: "flights-r1" },
      observed: { serving: "flights-r3", warm: "flights-r1" },
    });
    const states = await db().promotion.findMany({ orderBy: { id: "asc" }, select: { state: true } });
    expect(states.map(({ state }) => state)).toEqual(["superseded", "failed", "active"]);
  },
  LIMIT_MS,
);

/** The real worker as a process of its own, once it runs. */
async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--conditions=react-server", ...TYPESCRIPT, "worker/main.ts"], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...childEnvironment(), ...environment },
  });
  worker = child;
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  await until(
    () => `the worker to run: ${output}`,
    async () => output.includes("worker runs"),
    LIMIT_MS / 2,
  );
  return child;
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once("exit", resolve);
  });

test.each([["applying"], ["active"]])(
  "a worker killed as soon as a promotion is %s leaves nothing half done",
  async (state) => {
    const before = await db().revision.count();
    const id = await approved(
      await version(who, { model: NAME, bytes: model(10 + before), auc: 0.77 + before / 1000 }),
    );
    const first = await startWorker();
    await until(
      `promotion ${id} to be ${state}`,
      async () => {
        const now = await stateOf(id);
        return now === state || now === "active";
      },
      LIMIT_MS / 2,
    );
    first.kill("SIGKILL");
    await ended(first);
    const second = await startWorker();
    await until(`promotion ${id} to be active`, async () => (await stateOf(id)) === "active", LIMIT_MS / 2);
    await until("the endpoint to settle", async () => (await getEndpoint.call(who.sre, { name: NAME })).settled);
    expect(await db().revision.count()).toBe(before + 1);
    expect((await infer()).status).toBe(200);
    second.kill("SIGTERM");
    expect(await ended(second)).toBe(0);
  },
  LIMIT_MS * 2,
);

test(
  "the worker ends when its parent's pipe closes",
  async () => {
    const child = await startWorker();
    child.stdin?.end();
    expect(await ended(child)).toBe(0);
  },
  LIMIT_MS,
);
