import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "@/embedded/free-port.mjs";
import { type Condition, eventually, type Manifest, testCluster } from "./harness";
import { call, type LoopbackServer, serve } from "./loopback-server";

const cluster = await testCluster("gateway");

const GROUP = "gateway.networking.k8s.io/v1";
const ENVOY = "gateway.envoyproxy.io";
const HOST = "fraud.example";

describe.skipIf(!cluster.has(ENVOY))("a real Envoy in front of two revisions on loopback", () => {
  const servers = new Map<string, LoopbackServer>();
  let port: number;

  const gateway = (): Manifest =>
    cluster.named(GROUP, "Gateway", "inference", {
      spec: { gatewayClassName: "envoy", listeners: [{ name: "http", protocol: "HTTP", port }] },
    });
  const backend = (name: string, weight: number) => ({ group: ENVOY, kind: "Backend", name, weight });
  const route = (first: number, second: number): Manifest =>
    cluster.named(GROUP, "HTTPRoute", "fraud", {
      spec: {
        parentRefs: [{ name: "inference" }],
        hostnames: [HOST],
        rules: [{ backendRefs: [backend("v7", first), backend("v8", second)] }],
      },
    });

  beforeAll(async () => {
    port = await freePort();
    for (const name of ["v7", "v8"]) {
      const server = await serve((_, answer) => answer.end(name));
      servers.set(name, server);
      const endpoints = [{ ip: { address: "127.0.0.1", port: server.port } }];
      await cluster.apply(cluster.named(`${ENVOY}/v1alpha1`, "Backend", name, { spec: { endpoints } }));
    }
    await cluster.apply(gateway());
    await cluster.apply(route(95, 5));
    await eventually(async () => (await get()).status === 200);
  });
  afterAll(async () => {
    for (const server of servers.values()) await server.close();
  });

  const get = (host = HOST) => call(port, { method: "GET", path: "/", headers: { host } });

  /** How many of so many requests each revision answered. */
  async function answers(requests: number): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    for (let each = 0; each < requests; each += 1) {
      const { status, body } = await get();
      const by = status === 200 ? body : `status ${status}`;
      seen[by] = (seen[by] ?? 0) + 1;
    }
    return seen;
  }

  test("the controller accepts the route and finds its backends", async () => {
    type Parents = { parents?: { conditions: Condition[] }[] };
    const conditions = await eventually(
      async () => (await cluster.read<unknown, Parents>(route(95, 5)))?.status?.parents?.[0]?.conditions,
    );
    expect(Object.fromEntries(conditions.map((each) => [each.type, each.status]))).toMatchObject({
      Accepted: "True",
      ResolvedRefs: "True",
    });
  });

  test("a canary of 5 of 100 gets 5 % of the requests, counted at the client", async () => {
    const seen = await answers(1_000);
    expect((seen.v7 ?? 0) + (seen.v8 ?? 0)).toBe(1_000);
    // Within 4 standard deviations of a binomial: also holds where the split is by chance and not in turn.
    expect(seen.v8).toBeGreaterThan(22);
    expect(seen.v8).toBeLessThan(78);
  });

  test("after a change of weights to 100 and 0 the canary gets nothing", async () => {
    await cluster.apply(route(100, 0));
    await eventually(async () => !("v8" in (await answers(100))));
    expect(await answers(300)).toEqual({ v7: 300 });
  });

  test("a host that no route names is not found", async () => {
    expect((await get("nobody.example")).status).toBe(404);
  });
});
