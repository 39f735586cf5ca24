import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Principal } from "@/lib/auth/schema";
import { db, disconnect, inTransaction } from "@/lib/db";
import { checkCluster } from "@/lib/deployments/commands/check-cluster";
import { claimClusterChecks } from "@/lib/deployments/commands/claim-cluster-checks";
import { createCluster } from "@/lib/deployments/commands/create-cluster";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { type ClusterCheck, recordClusterCheck } from "@/lib/deployments/commands/record-cluster-check";
import { removeCluster } from "@/lib/deployments/commands/remove-cluster";
import { updateCluster } from "@/lib/deployments/commands/update-cluster";
import { getCluster, listClusters } from "@/lib/deployments/queries/clusters";
import { unseal } from "@/lib/secret-box";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { run, type TestDatabase, testDatabase } from "@/prisma/test-database";
import { account, makeUseCase, type People, people } from "@/prisma/test-stage";

const TOKEN = "a-token-that-nobody-sees";
const directory = mkdtempSync(path.join(tmpdir(), "clusters-"));
let database: TestDatabase;
let who: People;
let admin: Principal;

beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv("ARTIFACTS_DIR", directory);
  vi.stubEnv("NEXTAUTH_SECRET", "x".repeat(40));
  who = await people();
  admin = await account("admin", ["admin"]);
});
afterAll(async () => {
  await disconnect();
  rmSync(directory, { recursive: true, force: true });
});

const kubeconfig = (token = TOKEN) =>
  JSON.stringify({
    "current-context": "main",
    clusters: [{ name: "one", cluster: { server: "https://10.0.0.1:6443" } }],
    contexts: [{ name: "main", context: { cluster: "one", user: "proviso" } }],
    users: [{ name: "proviso", user: { token } }],
  });

const add = (name: string, change: object = {}) =>
  createCluster.call(who.sre, { name, namespace: "risk", access: "kubeconfig", kubeconfig: kubeconfig(), ...change });

const CAPABILITIES: ClusterCapabilities = {
  ...{ version: "v1.36.3", kserve: { version: "v0.20.0" }, gatewayApi: true, envoyGateway: true, keda: true },
  ...{ prometheusOperator: true, mesh: null, imageVolumes: true, gpuResources: [], gateway: null, prometheusUrl: null },
  images: { triton: null },
};
const GPUS = [{ name: "nvidia.com/gpu", product: "H100", allocatable: 8, free: 8 }];

async function found(name: string, change: Partial<ClusterCapabilities> = {}, at = new Date()): Promise<void> {
  const { id } = await rowOf(name);
  const capabilities = { ...CAPABILITIES, ...change };
  const check: ClusterCheck = { kind: "found", capabilities, unmanaged: { total: 0, items: [] }, problem: null };
  await inTransaction((tx) => recordClusterCheck(tx, id, check, at));
}

async function rowOf(name: string) {
  const row = await db().cluster.findUnique({ where: { name } });
  if (!row) throw new Error(`there is no cluster ${name}`);
  return row;
}

const auditOf = (subject: string) =>
  db().auditEvent.findMany({ where: { subjectType: "cluster", subject }, orderBy: { id: "asc" } });

const endpointOn = (cluster: string | undefined, change: object = {}) =>
  createEndpoint.call(who.sre, {
    ...{ name: "fraud", useCase: "fraud", environment: "production", tier: "cpu", clock: "wall" },
    ...{ target: "kubernetes", ...(cluster !== undefined && { cluster }) },
    ...change,
  });

test("credentials are stored encrypted for their own row, and no answer, list or audit event shows them", async () => {
  const made = await add("secrets");
  const row = await rowOf("secrets");
  expect(unseal(row.kubeconfig ?? "", { purpose: "cluster access", owner: row.id })).toContain(TOKEN);
  expect(row.kubeconfig).not.toContain(TOKEN);
  const shown = [made, await getCluster.call(admin, { name: "secrets" }), await listClusters.call(who.scientist, {})];
  const audited = await auditOf("secrets");
  expect(audited).toHaveLength(1);
  const text = JSON.stringify([shown, audited], (_key, value) => (typeof value === "bigint" ? `${value}` : value));
  expect(text).not.toContain(TOKEN);
  expect(text).not.toContain(row.kubeconfig);
  expect(made).toMatchObject({ state: "unchecked", server: "https://10.0.0.1:6443", capabilities: null });
});

test("a kubeconfig that runs a program is refused by its field, and nothing is stored", async () => {
  const users = [{ name: "proviso", user: { exec: { command: "sh" } } }];
  const text = JSON.stringify({ ...JSON.parse(kubeconfig()), users });
  await expect(add("program", { kubeconfig: text })).rejects.toMatchObject({
    code: "invalid",
    fields: { kubeconfig: [expect.stringContaining("exec")] },
  });
  await expect(add("program", { kubeconfig: "" })).rejects.toMatchObject({
    fields: { kubeconfig: [expect.any(String)] },
  });
  await expect(add("program", { access: "in_cluster" })).rejects.toMatchObject({ code: "invalid" });
  expect(await db().cluster.count({ where: { name: "program" } })).toBe(0);
});

test("a name is taken once, also at the same time", async () => {
  const answers = await Promise.allSettled([add("twice"), add("twice")]);
  const codes = answers.map((each) => (each.status === "fulfilled" ? "made" : each.reason.code));
  expect(codes.sort()).toEqual(["conflict", "made"]);
});

test("what is not named of the settings stays, and new credentials replace the old ones", async () => {
  const gateway = { name: "inference", namespace: "gateways" };
  await add("changed", { config: { gateway } });
  const before = await rowOf("changed");
  const prometheusUrl = "http://prometheus.monitoring:9090";
  const { config } = await updateCluster.call(who.sre, { name: "changed", config: { prometheusUrl } });
  expect(config).toMatchObject({ gateway, prometheusUrl });
  expect((await rowOf("changed")).kubeconfig).toBe(before.kubeconfig);
  await updateCluster.call(who.sre, { name: "changed", kubeconfig: kubeconfig("another") });
  const after = await rowOf("changed");
  expect(unseal(after.kubeconfig ?? "", { purpose: "cluster access", owner: after.id })).toContain("another");
  const events = await auditOf("changed");
  expect(events.at(-1)?.after).toMatchObject({ kubeconfig: "replaced" });
});

test("a person's choice of gateway is part of what the cluster offers at once, without another look", async () => {
  await add("overlay");
  await found("overlay");
  const gateway = { name: "inference", namespace: "gateways" };
  const shown = await updateCluster.call(who.sre, { name: "overlay", config: { gateway } });
  expect(shown.capabilities).toMatchObject({ gateway, version: "v1.36.3" });
});

test("an endpoint of target kubernetes serves on a cluster that was looked at, and one of target local on none", async () => {
  await makeUseCase(who, "fraud");
  await add("prod");
  await expect(endpointOn(undefined)).rejects.toMatchObject({
    fields: { cluster: [expect.stringContaining("choose")] },
  });
  await expect(endpointOn("nowhere")).rejects.toMatchObject({ fields: { cluster: ["no such cluster"] } });
  await expect(endpointOn("prod", { target: "local" })).rejects.toMatchObject({ code: "invalid" });
  await expect(endpointOn("prod")).rejects.toMatchObject({ code: "precondition" });
  await found("prod");
  await expect(endpointOn("prod", { tier: "gpu" })).rejects.toMatchObject({ fields: { tier: ["choose cpu"] } });
  await found("prod", { gpuResources: GPUS });
  expect(await endpointOn("prod", { tier: "gpu" })).toMatchObject({
    target: "kubernetes",
    cluster: "prod",
    tier: "gpu",
  });
});

test("a cluster where an endpoint serves keeps its namespace and is not forgotten", async () => {
  await expect(updateCluster.call(who.sre, { name: "prod", namespace: "other" })).rejects.toMatchObject({
    code: "precondition",
  });
  const remove = (confirm: string, name = "prod") => removeCluster.call(who.sre, { name, confirm });
  await expect(remove("prod")).rejects.toMatchObject({
    code: "precondition",
    message: expect.stringContaining("fraud"),
  });
  await add("empty");
  await expect(remove("prod", "empty")).rejects.toMatchObject({ fields: { confirm: ["this is not empty"] } });
  expect(await remove("empty", "empty")).toEqual({ name: "empty" });
  await expect(getCluster.call(who.sre, { name: "empty" })).rejects.toMatchObject({ code: "not_found" });
});

test("a failed look keeps what was found before, and only the coming and going of a problem is audited", async () => {
  await add("flaky");
  const { id } = await rowOf("flaky");
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const fail = (second: number, problem = "no answer") =>
    inTransaction((tx) => recordClusterCheck(tx, id, { kind: "failed", problem }, at(second)));
  await found("flaky", {}, at(1));
  await fail(3);
  await fail(4, "still no answer");
  const shown = await getCluster.call(who.sre, { name: "flaky" });
  expect(shown).toMatchObject({ state: "problem", problem: "still no answer", version: "v1.36.3" });
  expect([shown.capabilitiesAt, shown.checkedAt]).toEqual([at(1).toISOString(), at(4).toISOString()]);
  // A worker that was slower than the others.
  await found("flaky", { version: "v1.0.0" }, at(2));
  expect(await getCluster.call(who.sre, { name: "flaky" })).toMatchObject({ state: "problem", version: "v1.36.3" });
  await found("flaky", {}, at(5));
  const actions = (await auditOf("flaky")).map(({ action }) => action);
  expect(actions).toEqual(["cluster.create", "cluster.problem", "cluster.reachable"]);
});

test("a cluster is looked at once a minute by one worker, and at once when somebody asks", async () => {
  await add("due");
  const { id } = await rowOf("due");
  const now = new Date(Date.now() + 1000);
  const claim = (at: Date) => inTransaction((tx) => claimClusterChecks(tx, at));
  const claims = await Promise.all([claim(now), claim(now)]);
  expect(claims.flat().filter((each) => each === id)).toHaveLength(1);
  expect(await claim(new Date(now.getTime() + 30_000))).not.toContain(id);
  await checkCluster.call(admin, { name: "due" });
  expect(await claim(new Date(Date.now() + 1000))).toContain(id);
});

test("the database refuses an endpoint of target kubernetes without a cluster, and a cluster without its credentials", async () => {
  const refused = (sql: string) => expect(run(database.app, [sql])).rejects.toMatchObject({ code: "23514" });
  await refused("UPDATE endpoint SET cluster_id = NULL WHERE name = 'fraud'");
  await refused("UPDATE endpoint SET target = 'local' WHERE name = 'fraud'");
  await refused("UPDATE cluster SET kubeconfig = NULL WHERE name = 'prod'");
  await refused("UPDATE cluster SET access = 'in_cluster' WHERE name = 'prod'");
  await refused("UPDATE cluster SET namespace = 'Not a label' WHERE name = 'prod'");
});
