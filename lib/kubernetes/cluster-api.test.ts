import { expect, test } from "vitest";
import { clusterApi, isHalfMade } from "./cluster-api";
import { errorOf } from "./kube-error";
import type { KubeObject } from "./object";
import { TestApiServer } from "./test-api-server";
import type { KubeRequest } from "./transport";

const MAP = { apiVersion: "v1", kind: "ConfigMap" };
const map = (data: Record<string, string>, more: object = {}): KubeObject => ({
  ...MAP,
  metadata: { name: "a", namespace: "models", ...more },
  data,
});

function stage(before?: (request: KubeRequest) => Promise<{ status: number; retryAfter?: number } | null>) {
  const paused: number[] = [];
  const pause = (ms: number) => {
    paused.push(ms);
    return Promise.resolve();
  };
  const server = new TestApiServer({
    kinds: [MAP],
    now: () => 0,
    pause: () => new Promise(() => {}),
    ...(before && { before }),
  });
  return { server, paused, api: clusterApi(server.transport, { pause, chance: () => 0.5 }) };
}

test("a busy server is asked again after the time that it names, a failing one after a growing pause, a few times", async () => {
  let answers = [{ status: 429, retryAfter: 3 }, { status: 503 }];
  const { api, paused } = stage(async ({ method }) => (method === "PATCH" ? (answers.shift() ?? null) : null));
  await api.apply(map({ x: "1" }));
  expect(paused).toEqual([3000, 400]);
  answers = Array(9).fill({ status: 500 });
  await expect(api.apply(map({ x: "2" }))).rejects.toMatchObject({ status: 500 });
  expect(answers).toHaveLength(5);
});

test("what was refused for good is not asked again", async () => {
  let calls = 0;
  const { api } = stage(async ({ method }) => {
    if (method !== "PATCH") return null;
    calls++;
    return { status: 403 };
  });
  await expect(api.apply(map({}))).rejects.toThrow(/^ConfigMap models\/a: the account lacks this right \(403\)/);
  expect(calls).toBe(1);
});

test("a field of somebody else is never taken: the error names object, field and owner", async () => {
  const { server, api } = stage();
  await api.apply(map({ x: "1", y: "1" }));
  const [held] = server.all("ConfigMap");
  if (!held) throw new Error("it is there");
  server.edit(held, "kubectl-edit", (copy) => Object.assign(copy, { data: { x: "2", y: "1" } }));
  await expect(api.apply(map({ x: "1", y: "3" }))).rejects.toMatchObject({
    status: 409,
    conflicts: [{ object: "ConfigMap models/a", owner: "kubectl-edit" }],
  });
  expect(server.find("ConfigMap", "a")?.data).toEqual({ x: "2", y: "1" });
});

test("a write for a version of the object does not hold for another", async () => {
  const { api } = stage();
  const { metadata } = await api.apply(map({ x: "1" }));
  await api.apply(map({ x: "2" }));
  const { resourceVersion } = metadata;
  await expect(api.apply(map({ x: "3" }, { resourceVersion }))).rejects.toMatchObject({ status: 409, conflicts: [] });
});

test("what is created is owned as if it had been applied: a field that is no longer wanted goes", async () => {
  const { server, api } = stage();
  const made = await api.create(map({ x: "1", y: "1" }));
  expect(isHalfMade(made)).toBe(false);
  await expect(api.create(map({ x: "2" }))).rejects.toMatchObject({ status: 409, reason: "AlreadyExists" });
  await api.apply(map({ x: "1" }));
  expect(server.find("ConfigMap", "a")?.data).toEqual({ x: "1" });
});

test("only the object that was seen is deleted, not another of its name", async () => {
  const { server, api } = stage();
  const seen = await api.apply(map({ x: "1" }));
  expect(await api.remove(seen)).toBe(true);
  await api.apply(map({ x: "2" }));
  const [, other] = [seen, server.find("ConfigMap", "a")];
  expect(other?.metadata.uid).not.toBe(seen.metadata.uid);
  expect(await api.remove(seen)).toBe(false);
  expect(server.find("ConfigMap", "a")).toBeDefined();
});

test("a kind that the cluster has not is said by name", async () => {
  const { api } = stage();
  const route = { ...map({}), apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };
  await expect(api.apply(route)).rejects.toThrow("the cluster does not know HTTPRoute of gateway.networking.k8s.io/v1");
});

test("the words of a proxy on the way are told as they are, and not endlessly", () => {
  const error = errorOf("list of Pod", 502, `<html>${"x".repeat(5000)}`);
  expect(error.message).toMatch(/^list of Pod: answer 502: <html>x+$/);
  expect(error.message.length).toBeLessThan(700);
});
