import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { RevisionConfig } from "@/lib/inference/desired-state";
import { PROBE_HEADER } from "@/lib/inference/events";
import { PROBE_SECRET, TestHost, until } from "./test-host";
import { Load } from "./test-load";
import { testModel } from "./test-model";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const host = new TestHost();
beforeAll(() => host.start());
afterAll(() => host.close());
afterEach(async () => {
  const { endpoints } = await host.status();
  await host.apply(...endpoints.map(({ name }) => ({ name, generation: 1000, removed: true as const })));
});

const MODEL = { features: 3 };
const inputs = (rows = 1) => [
  { name: "features", datatype: "FP32", shape: [rows, 3], data: Array.from({ length: rows * 3 }, (_, k) => k) },
];
const bodyOf = (id: string) => JSON.stringify({ id, inputs: inputs() });
const token = (audience: string) => host.signer.sign({ aud: audience });
const inferUrl = (url: string | null, name: string) => `${url}/v2/models/${name}/infer`;

async function serve(name: string, more: Parameters<TestHost["revision"]>[2] = {}) {
  const revision = host.revision(`${name}-r1`, MODEL, more);
  await host.apply(host.config(name, 1, revision));
  const status = await host.ready(name, revision.revision);
  return { revision, status, url: status.url ?? "" };
}

type Call = { path?: string; token?: string | null; body?: string; headers?: Record<string, string> };
async function infer(url: string, name: string, call: Call = {}) {
  const bearer = call.token === undefined ? token(name) : call.token;
  const headers = { ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }), ...call.headers };
  const address = call.path ? `${url}${call.path}` : inferUrl(url, name);
  const response = await fetch(address, { method: "POST", headers, body: call.body ?? bodyOf("r") });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

test("answers with and without version, with the score output only", async () => {
  const { url } = await serve("answers");
  const plain = await infer(url, "answers", { body: JSON.stringify({ id: "a", inputs: inputs(2) }) });
  expect(plain).toMatchObject({ status: 200, body: { model_name: "answers", model_version: "1", id: "a" } });
  const [output] = plain.body.outputs as { name: string; shape: number[]; data: number[] }[];
  expect(output).toMatchObject({ name: "probabilities", shape: [2, 2] });
  const [p0 = 0, p1 = 0] = output?.data ?? [];
  expect(p0 + p1).toBeCloseTo(1, 5);
  expect((await infer(url, "answers", { path: "/v2/models/answers/versions/1/infer" })).status).toBe(200);
  expect(await infer(url, "answers", { path: "/v2/models/answers/versions/9/infer" })).toMatchObject({
    status: 404,
    body: { error: `unknown version "9" of 'answers', version '1' serves` },
  });
});

test("describes itself as the protocol says", async () => {
  const { url } = await serve("describes");
  const get = async (path: string) => (await fetch(`${url}${path}`)).json();
  expect(await get("/v2")).toMatchObject({ name: "proviso", extensions: [] });
  expect(await get("/v2/models/describes")).toEqual(await get("/v2/models/describes/versions/1"));
  expect(await get("/v2/models/describes")).toEqual({
    name: "describes",
    versions: ["1"],
    platform: "onnxruntime_onnx",
    inputs: [{ name: "features", datatype: "FP32", shape: [-1, 3] }],
    outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, 2] }],
  });
  for (const path of ["/v2/health/live", "/v2/health/ready", "/v2/models/describes/ready"]) {
    expect((await fetch(`${url}${path}`)).status).toBe(200);
  }
  expect((await fetch(`${url}/v2/models/other`)).status).toBe(404);
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
});

test("refuses without token, with a foreign audience, binary tensors and large bodies, each with its status", async () => {
  const { url } = await serve("refuses");
  expect(await infer(url, "refuses", { token: null })).toMatchObject({ status: 401 });
  expect(await infer(url, "refuses", { token: token("another") })).toMatchObject({ status: 403 });
  const binary = { headers: { "inference-header-content-length": "10" } };
  expect(await infer(url, "refuses", binary)).toMatchObject({
    status: 400,
    body: { error: "binary tensors are not supported: send JSON data (tritonclient: binary_data=False)" },
  });
  expect(await infer(url, "refuses", { body: " ".repeat(5 * 1024 ** 2) })).toMatchObject({ status: 413 });
});

test("beyond the ceiling: 429 with Retry-After, and probes pass", async () => {
  const { url } = await serve("ceiling", { ceiling: { requestsPerSecond: 0.001, burst: 2 } });
  const statuses = [];
  for (let k = 0; k < 3; k++) statuses.push((await infer(url, "ceiling")).status);
  expect(statuses).toEqual([200, 200, 429]);
  const refused = await infer(url, "ceiling");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(100);
  expect((await infer(url, "ceiling", { headers: { [PROBE_HEADER]: PROBE_SECRET } })).status).toBe(200);
  expect((await infer(url, "ceiling", { headers: { [PROBE_HEADER]: "guessed" } })).status).toBe(429);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('proviso_requests_total{endpoint="ceiling",source="live",outcome="rejected"} 3');
  expect(metrics).toContain('proviso_requests_total{endpoint="ceiling",source="probe",outcome="model"} 1');
});

test("beyond the deadline: 504, and a slow model runs in a thread", async () => {
  const slow = { features: 3, hidden: 24 };
  const revision = host.revision("deadline-r1", slow, { deadlineMs: 1 });
  await host.apply(host.config("deadline", 1, revision));
  const { url, mode } = await host.ready("deadline", "deadline-r1");
  expect(mode).toBe("thread");
  const body = JSON.stringify({ id: "late", inputs: inputs(256) });
  expect(await infer(url ?? "", "deadline", { body })).toMatchObject({
    status: 504,
    body: { error: "deadline of 1 ms exceeded" },
  });
});

test("a stale generation is refused by the host, and the state survives kill -9 of the host", async () => {
  const { url } = await serve("survives");
  const other = host.revision("survives-r2", { features: 3, seed: 2 });
  await host.apply(host.config("survives", 3, other));
  const before = await host.ready("survives", "survives-r2");
  await host.kill("SIGKILL");
  await host.start();
  const after = await host.ready("survives", "survives-r2");
  expect(after.url).toBe(url);
  expect(after.pid).not.toBe(before.pid);
  const stale = await host.apply(host.config("survives", 2, null));
  expect(stale.endpoints).toEqual([{ name: "survives", result: "stale", generation: 3 }]);
  expect((await infer(url, "survives")).status).toBe(200);
});

test("a swap under load drops no request, keeps the previous revision warm, and goes back to it", async () => {
  const { revision: first, url } = await serve("swaps");
  const second = host.revision("swaps-r2", { features: 3, seed: 7 }, { modelVersion: "2" });
  const load = new Load({ url: inferUrl(url, "swaps"), token: token("swaps"), body: bodyOf, clients: 8 });
  for (let generation = 2; generation < 6; generation++) {
    const [serving, warm] = generation % 2 === 0 ? [second, first] : [first, second];
    await host.apply(host.config("swaps", generation, serving, { warm }));
    await host.endpoint(
      "swaps",
      (s) => s.generation === generation && s.serving === serving.revision && s.warm === warm.revision,
    );
  }
  await load.stop();
  expect(load.broken).toBe(0);
  expect(load.answered.size).toBe(load.sent.size);
  expect(new Set(load.answered.values())).toEqual(new Set([200]));
});

const changes: [string, () => Partial<RevisionConfig>, RegExp][] = [
  ["a file that is no model", () => ({ model: host.store(Buffer.from("not a model")) }), /cannot be loaded/],
  ["a model that is not in the store", () => ({ model: "ab".repeat(32) }), /not in the artifact store/],
  [
    "a stored file with another content",
    () => ({ model: host.store(testModel(MODEL), "ab".repeat(32)) }),
    /SHA-256 [0-9a-f]{12}…, signed is abababababab…/,
  ],
  [
    "an input of another type",
    () => ({ inputs: [{ name: "features", datatype: "INT64", shape: [-1, 3] }] }),
    /INT64, this runtime takes FP32/,
  ],
  [
    "an output that the file does not have",
    () => ({ outputs: [{ name: "p", datatype: "FP32", shape: [-1] }], score: { output: "p", index: 0, threshold: 0 } }),
    /the file's outputs are \[/,
  ],
  [
    "a width that is not the file's",
    () => ({ outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, 3] }] }),
    /declared \[1,3\]/,
  ],
];

test.each(changes)("refuses %s with the reason, and the previous revision serves on", async (what, change, reason) => {
  const name = `bad-${what.replaceAll(/[^a-z]+/g, "-").slice(0, 30)}x`;
  const { url } = await serve(name);
  const bad = { ...host.revision(`${name}-r2`, MODEL), ...change() };
  await host.apply(host.config(name, 2, bad));
  const status = await host.endpoint(name, ({ refused }) => refused !== null);
  expect(status).toMatchObject({ state: "ready", serving: `${name}-r1`, refused: { revision: `${name}-r2` } });
  expect(status.refused?.reason).toMatch(reason);
  expect((await infer(url, name)).status).toBe(200);
});

test("a native crash with a new revision loaded: the previous one comes back, the new one is reported", async () => {
  const { revision, url } = await serve("crashes");
  await serve("bystander");
  const bystander = await host.ready("bystander", "bystander-r1");
  const next = host.revision("crashes-r2", { features: 3, seed: 3 });
  await host.apply(host.config("crashes", 2, next, { warm: revision }));
  const { pid } = await host.endpoint("crashes", (s) => s.serving === "crashes-r2" && s.warm === "crashes-r1");
  process.kill(pid ?? 0, "SIGSEGV");
  const after = await host.endpoint("crashes", (s) => s.state === "ready" && s.pid !== pid);
  expect(after).toMatchObject({ serving: "crashes-r1", restarts: 1, refused: { revision: "crashes-r2" } });
  expect(after.refused?.reason).toContain("SIGSEGV");
  expect((await infer(url, "crashes")).status).toBe(200);
  expect((await host.ready("bystander", "bystander-r1")).pid).toBe(bystander.pid);
});

test("an endpoint without a revision says so and answers 503", async () => {
  await host.apply(host.config("idle", 1, null));
  const { url } = await host.endpoint("idle", (s) => s.state === "stopped");
  expect(await infer(url ?? "", "idle")).toMatchObject({ status: 503, body: { error: "no revision is ready" } });
  expect((await fetch(`${url}/v2/health/ready`)).status).toBe(503);
});

test("a removed endpoint ends", async () => {
  const { url } = await serve("removed");
  await host.apply({ name: "removed", generation: 2, removed: true });
  expect((await host.status()).endpoints.map(({ name }) => name)).not.toContain("removed");
  await expect(fetch(`${url}/v2`)).rejects.toThrow("fetch failed");
});

test("the admin interface wants its token and a valid body, and says what is wrong", async () => {
  expect((await host.admin("GET", "/v1/status", undefined, "wrong")).status).toBe(401);
  expect((await host.admin("DELETE", "/v1/state")).status).toBe(405);
  expect((await host.admin("GET", "/nowhere")).status).toBe(404);
  const broken = await host.admin("PUT", "/v1/state", "{");
  expect([broken.status, await broken.json()]).toEqual([400, { error: "the body is not valid JSON" }]);
  const wrong = await host.admin("PUT", "/v1/state", JSON.stringify({ endpoints: [{ name: "UPPER" }] }));
  expect(wrong.status).toBe(400);
  const weak = host.config("weak", 1, null);
  weak.auth.jwks.keys = [{ kty: "RSA" }];
  const keys = await host.admin("PUT", "/v1/state", JSON.stringify({ endpoints: [weak] }));
  expect(await keys.json()).toMatchObject({ error: expect.stringContaining("endpoint 'weak': jwks.keys[0]") });
});

test("children end with a host that was killed", async () => {
  const { url } = await serve("orphans");
  await host.kill("SIGKILL");
  await until("the endpoint to be gone", () =>
    fetch(`${url}/v2`).then(
      () => false,
      () => true,
    ),
  );
  await host.start();
  await host.ready("orphans", "orphans-r1");
});
