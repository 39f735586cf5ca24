import { writeFileSync } from "node:fs";
import path from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { exampleDocument } from "@/lib/contracts/test-document";
import { db, disconnect, inTransaction } from "@/lib/db";
import { rollBackEndpoint } from "@/lib/deployments/commands/roll-back-endpoint";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { getEndpoint } from "@/lib/deployments/queries";
import { digestOf } from "@/lib/digest";
import { readIssuerKey } from "@/lib/inference/issuer-key";
import { toVersion } from "@/lib/registry/version-row";
import { LOCAL_CAPABILITIES } from "@/lib/serving/capabilities";
import { compile } from "@/lib/serving/compile";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";
import { run } from "@/runtime/command";
import { TestHost, until } from "@/runtime/test-host";
import { testModel } from "@/runtime/test-model";
import { applyEndpoints } from "@/worker/apply-endpoints";
import { desiredEndpoints } from "@/worker/desired-endpoints";
import type { Job } from "@/worker/job";
import { localTarget } from "@/worker/local-target";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const NAME = "flights";
const host = new TestHost();
const never = new AbortController().signal;
const access = () => ({ url: host.url, token: "admin-token-for-tests" });
let who: People;
let worker: Job;

beforeAll(async () => {
  await testDatabase();
  await host.start();
  const keyFile = path.join(host.dir, "issuer.json");
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  writeFileSync(keyFile, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  vi.stubEnv("ARTIFACTS_DIR", host.artifactsDir);
  who = await people();
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
  await signedContract(who, NAME);
  worker = applyEndpoints(localTarget(access()), async () => {
    const { publicKey } = await readIssuerKey(keyFile);
    return desiredEndpoints("local", { issuer: "urn:test", jwks: { keys: [{ ...publicKey }] } });
  });
  for (const seed of [1, 2, 3]) await serve(seed);
});
afterAll(async () => {
  await host.close();
  await disconnect();
});

const shown = () => getEndpoint.call(who.sre, { name: NAME });

/** Rounds of the worker, until the target does what is wanted and keeps its warm revision loaded. */
function settled(): Promise<void> {
  return until("the endpoint to settle", async () => {
    await worker.run(never);
    const { settled: isSettled, observed, warm, generation } = await shown();
    return isSettled && observed.warm === (warm?.revision ?? null) && observed.generation === generation;
  });
}

/** What an approved promotion does in its transaction. */
async function want(seed: number): Promise<void> {
  const number = await version(who, { model: NAME, bytes: testModel({ features: 2, seed }), auc: 0.7 + seed / 100 });
  await inTransaction(async (tx) => {
    const row = await tx.modelVersion.findFirstOrThrow({ where: { number }, include: { model: true } });
    const contract = await tx.contract.findFirstOrThrow({ where: { state: "signed" } });
    const { id: endpointId } = await tx.endpoint.findUniqueOrThrow({ where: { name: NAME } });
    const { model, number: n, files, schema } = toVersion(NAME, row);
    const modelDigest = files.find(({ role }) => role === "model")?.sha256 ?? "";
    const spec = compile(
      exampleDocument(),
      { model, version: n, modelDigest, schema, endpoint: NAME },
      LOCAL_CAPABILITIES,
    );
    const revision = { endpointId, modelVersionId: row.id, contractId: contract.id, spec, specDigest: digestOf(spec) };
    await setServingRevision(tx, { ...revision, actor: { email: "deployment", kind: "process" } });
  });
}

async function serve(seed: number): Promise<void> {
  await want(seed);
  await settled();
}

async function onHost(reason: string): Promise<void> {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const tokenFile = path.join(host.dir, "token");
  writeFileSync(tokenFile, access().token);
  const code = await run(["rollback", NAME, "--reason", reason, "--yes", NAME], {
    ...{ out: say, err: say, cwd: host.dir },
    env: { url: host.url, tokenFile, dir: undefined },
  });
  expect([code, said.join("")]).toEqual([0, expect.stringContaining("answers as")]);
}

const lastRollback = () =>
  db().auditEvent.findFirst({ where: { action: "endpoint.rollback", subject: NAME }, orderBy: { id: "desc" } });

test("what was rolled back on the host while the portal was away is what the portal wants when it is back", async () => {
  await onHost("portal is down");
  await settled();
  expect(await shown()).toMatchObject({
    ...{ generation: 4, serving: { revision: `${NAME}-r2` }, warm: { revision: `${NAME}-r3` } },
    observed: { serving: `${NAME}-r2`, generation: 4 },
  });
  expect(await lastRollback()).toMatchObject({ actor: expect.stringContaining("@"), reason: "portal is down" });
  await host.endpoint(NAME, ({ rolledBack }) => rolledBack === null);
  const events = await db().auditEvent.count({ where: { action: "endpoint.rollback" } });
  await worker.run(never);
  expect(await db().auditEvent.count({ where: { action: "endpoint.rollback" } })).toBe(events);
});

test("what the portal wanted meanwhile does not undo it, and is on record as overridden", async () => {
  await want(4); // generation 5 of the portal, which no worker applied
  await onHost("errors"); // generation 5 of the host
  await settled();
  expect(await shown()).toMatchObject({ generation: 6, serving: { revision: `${NAME}-r3` } });
  expect((await lastRollback())?.after).toMatchObject({ host: { generation: 5, overrode: `${NAME}-r4` } });
});

test("a rollback in the portal reaches the host, also to a revision that is not loaded", async () => {
  const { generation } = await shown();
  const order = { name: NAME, confirm: NAME, generation, to: `${NAME}-r1`, reason: "the oldest was best" };
  await rollBackEndpoint.call(who.sre, order);
  await settled();
  expect(await host.ready(NAME, `${NAME}-r1`)).toMatchObject({ generation: generation + 1, warm: `${NAME}-r3` });
});
