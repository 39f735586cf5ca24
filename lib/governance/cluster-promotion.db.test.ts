import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { db, disconnect, inTransaction } from "@/lib/db";
import { createCluster } from "@/lib/deployments/commands/create-cluster";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { recordClusterCheck } from "@/lib/deployments/commands/record-cluster-check";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { updateCluster } from "@/lib/deployments/commands/update-cluster";
import { getManifests } from "@/lib/deployments/queries/manifests";
import { loadPromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { planOnCluster } from "@/lib/governance/commands/plan-on-cluster";
import { queueMissingEvidence } from "@/lib/governance/commands/queue-missing-evidence";
import { diffManifests } from "@/lib/serving/diff-manifests";
import { keyOf } from "@/lib/serving/manifest";
import { yamlOf } from "@/lib/serving/manifest-yaml";
import { testDatabase } from "@/prisma/test-database";
import { makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";

const NAME = "flights";
const directory = mkdtempSync(path.join(tmpdir(), "cluster-promotion-"));
let who: People;

beforeAll(async () => {
  await testDatabase();
  vi.stubEnv("ARTIFACTS_DIR", directory);
  who = await people();
  await createCluster.call(who.sre, { name: "prod", namespace: "models", access: "in_cluster" });
});
afterAll(async () => {
  await disconnect();
  rmSync(directory, { recursive: true, force: true });
});

const sign = (useCase: string) =>
  signedContract(who, useCase, (document) => ({ ...document, serving: { ...document.serving, target: "kubernetes" } }));

const TOKENS = { issuer: "https://login.example.com", jwks: { uri: "https://login.example.com/jwks" } };

/** What the worker would find there. */
async function look(): Promise<void> {
  const row = await db().cluster.findFirst({ where: { name: "prod" } });
  const capabilities = {
    ...{ version: "v1.36.3", kserve: { version: "v0.20.0" }, gatewayApi: true, envoyGateway: true, keda: true },
    ...{
      prometheusOperator: true,
      mesh: null,
      imageVolumes: true,
      gpuResources: [],
      gateway: null,
      prometheusUrl: null,
    },
    images: { triton: null },
  };
  const check = { kind: "found" as const, capabilities, unmanaged: null, problem: null };
  await inTransaction((tx) => recordClusterCheck(tx, row?.id ?? "", check, new Date()));
}

/** Ids of the endpoint and the newest version. */
async function subject() {
  const endpoint = await db().endpoint.findFirst({ where: { name: NAME } });
  const newest = await db().modelVersion.findFirst({ orderBy: { number: "desc" } });
  return { endpointId: endpoint?.id ?? "", modelVersionId: newest?.id ?? "" };
}

async function factsNow() {
  const of = await subject();
  return inTransaction((tx) => loadPromotionFacts(tx, of));
}

async function targetGate() {
  const { gate } = await factsNow();
  return gate.find(({ gate: name }) => name === "serving_target");
}

async function planNow() {
  const [of, { inputs, spec, specDigest }] = [await subject(), await factsNow()];
  const contractDigest = inputs.contract.digest ?? "";
  return inTransaction((tx) => planOnCluster(tx, { ...of, contractDigest, spec, specDigest, own: TOKENS }));
}

test("a contract for Kubernetes is not submitted before somebody could look at a cluster", async () => {
  await makeUseCase(who, "early");
  await expect(sign("early")).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("register a cluster"),
  });
  await look();
  await makeUseCase(who, NAME);
  expect(await sign(NAME)).toBe(1);
});

test("the gate is shut by what the cluster of the endpoint lacks, and opens when it is there", async () => {
  await createEndpoint.call(who.sre, {
    ...{ name: NAME, useCase: NAME, environment: "production", tier: "cpu", clock: "wall" },
    ...{ target: "kubernetes", cluster: "prod" },
  });
  await version(who, { model: NAME });
  const shut = await targetGate();
  expect([shut?.status, JSON.stringify(shut)]).toEqual(["fail", expect.stringContaining("no image of Triton")]);
  const triton = `registry.example.com/triton@sha256:${"a".repeat(64)}`;
  const gateway = { name: "inference", namespace: "gateways" };
  await updateCluster.call(who.sre, {
    name: "prod",
    config: {
      images: { triton },
      storage: "s3://models",
      gateway,
      jwt: TOKENS,
      prometheusUrl: "http://prometheus:9090",
    },
  });
  expect(await targetGate()).toMatchObject({ status: "pass" });
});

test("no load test of this machine is queued for it, again and again: its curve comes from a report", async () => {
  const facts = await factsNow();
  expect(facts.gate.find(({ gate }) => gate === "load_curve")).toMatchObject({ status: "missing" });
  const { modelVersionId } = await subject();
  await inTransaction((tx) => queueMissingEvidence(tx, facts, modelVersionId));
  expect(await db().evidenceRun.count({ where: { modelVersionId } })).toBe(0);
});

test("the cluster is part of what people approve", async () => {
  expect((await factsNow()).inputs.endpoint).toMatchObject({ target: "kubernetes", cluster: "prod" });
});

test("the plan names what is new in the cluster, and what is applied afterwards is what was shown", async () => {
  const plan = await planNow();
  const kinds = plan?.after.manifests.map((each) => keyOf(each).kind) ?? [];
  expect(kinds).toEqual(expect.arrayContaining(["InferenceService", "HTTPRoute", "SecurityPolicy"]));
  expect(plan?.before.manifests).toEqual([]);
  const [of, { inputs, spec, specDigest, contractId }] = [await subject(), await factsNow()];
  const actor = { email: "deployment", kind: "process" } as const;
  await inTransaction((tx) => setServingRevision(tx, { ...of, contractId, spec, specDigest, actor }));
  const shown = await getManifests.call(who.scientist, { name: NAME });
  expect(shown).toMatchObject({ cluster: "prod", namespace: "models", generation: 1, cannot: [] });
  expect(shown.objects.map(({ kind }) => kind)).toEqual(kinds);
  expect(shown.objects.map(({ yaml }) => yaml)).toEqual(plan?.after.manifests.map(yamlOf));
  expect(shown.objects.find(({ kind }) => kind === "InferenceService")?.yaml).toContain(inputs.contract.digest);
});

test("the next version comes beside the one that serves, which is kept without traffic", async () => {
  await version(who, { model: NAME, auc: 0.76 });
  const plan = await planNow();
  const services = plan?.after.manifests.map(keyOf).filter(({ kind }) => kind === "InferenceService");
  expect(services?.map(({ name }) => name)).toEqual([`${NAME}-r2`, `${NAME}-r1`]);
  const changed = diffManifests(plan?.before.manifests ?? [], plan?.after.manifests ?? []);
  const paths = changed.flatMap(({ changes }) => changes.map(({ path: at }) => at));
  expect(paths.filter((at) => at.startsWith(`InferenceService/${NAME}-r1`))).toEqual([]);
  expect(paths).toEqual(expect.arrayContaining([expect.stringMatching(/^HTTPRoute\/flights .*weight/)]));
});

test("an endpoint of this machine has nothing to apply to a cluster", async () => {
  await makeUseCase(who, "local");
  await createEndpoint.call(who.sre, {
    ...{ name: "local", useCase: "local", environment: "production", tier: "cpu", target: "local", clock: "wall" },
  });
  await expect(getManifests.call(who.scientist, { name: "local" })).rejects.toMatchObject({ code: "precondition" });
});
