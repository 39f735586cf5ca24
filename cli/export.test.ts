import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ManifestPlan } from "@/lib/deployments/cluster-view";
import { ok, runAsPerson, testPortal } from "./test-portal";

const PLAN: ManifestPlan = {
  ...{ endpoint: "fraud", cluster: "prod", namespace: "risk", generation: 3, cannot: [], advice: [] },
  objects: [
    { kind: "InferenceService", name: "fraud-r2", namespace: "risk", yaml: "kind: InferenceService # serving\n" },
    { kind: "HTTPRoute", name: "fraud", namespace: "risk", yaml: "kind: HTTPRoute # serving\n" },
  ],
};
const LACKS = { clause: "serving", reason: "the cluster has no KServe", fix: "install it" };

let directory: string;
let portal: Awaited<ReturnType<typeof testPortal>>;
let plan: ManifestPlan;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "export-"));
  plan = PLAN;
  portal = await testPortal({ "GET /api/v1/endpoints/fraud/manifests": () => ok(plan) });
});
afterEach(async () => {
  await portal.close();
  rmSync(directory, { recursive: true, force: true });
});

const proviso = (...words: string[]) => runAsPerson(portal.url, words);

test("writes a file per object, numbered in the order in which they are applied", async () => {
  plan = { ...PLAN, advice: [{ ...LACKS, reason: "one replica" }] };
  const { code, err } = await proviso("export", "fraud", "--dir", directory);
  expect([code, err]).toEqual([0, expect.stringContaining("one replica")]);
  expect(readdirSync(directory).sort()).toEqual(["01-inferenceservice-fraud-r2.yaml", "02-httproute-fraud.yaml"]);
  expect(readFileSync(path.join(directory, "02-httproute-fraud.yaml"), "utf8")).toBe("kind: HTTPRoute # serving\n");
});

test("writes nothing while the cluster lacks something, and says what would help", async () => {
  plan = { ...PLAN, cannot: [LACKS] };
  const { code, err } = await proviso("export", "fraud", "--dir", directory);
  expect([code, err]).toEqual([1, expect.stringContaining("serving: the cluster has no KServe; install it")]);
  expect(readdirSync(directory)).toEqual([]);
});

test("the role is told without a server", async () => {
  const { code, out } = await proviso("cluster", "role", "--namespace", "risk");
  expect([code, out]).toEqual([0, expect.stringContaining("kind: ClusterRoleBinding")]);
});
