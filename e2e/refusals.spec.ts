import { expect, test } from "@playwright/test";
import {
  api,
  BASE_URL,
  done,
  flightContract,
  fresh,
  infer,
  inferenceOf,
  servingEndpoint,
  submittedContract,
  tokenOf,
  visit,
} from "./product";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("bad input of the API: a clear problem, never a 500", async () => {
  const url = `${BASE_URL}/api/v1/use-cases`;
  const post = async (body: string, headers: Record<string, string> = bearer(tokenOf("scientist"))) => {
    const response = await fetch(url, { method: "POST", body, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  expect(await post("{")).toMatchObject({ status: 400, body: { code: "invalid" } });
  expect(await post("[]")).toMatchObject({ status: 400, body: { code: "invalid" } });
  expect(await post("{}")).toMatchObject({ status: 400, body: { errors: { name: expect.any(Array) } } });
  expect(await post(JSON.stringify({ name: "x".repeat(2 << 20) }))).toMatchObject({
    status: 400,
    body: { code: "invalid" },
  });
  expect(await post("{}", {})).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  expect(await post("{}", bearer("pvs_0000000000000000000000000000"))).toMatchObject({ status: 401 });
  expect(await post("{}", { ...bearer(tokenOf("scientist")), "content-type": "text/plain" })).toMatchObject({
    status: 400,
  });
});

test("unknown and foreign ids are not found", async () => {
  const paths = [
    "/use-cases/none",
    "/use-cases/none/contracts/1",
    "/use-cases/none/ledger",
    "/models/none",
    "/models/none/versions/1",
    "/endpoints/none",
    "/endpoints/none/series",
    "/promotions/999999",
  ];
  for (const path of paths) expect((await api("sre", "GET", path)).status, path).toBe(404);
  for (const path of [
    "/promotions/abc",
    "/models/none/versions/abc",
    "/endpoints?cursor=%F0",
    "/audit/events?limit=0",
  ]) {
    expect([400, 403, 404], path).toContain((await api("sre", "GET", path)).status);
  }
});

test("development accounts exist only for requests straight from this machine", async () => {
  const me = (headers: Record<string, string>) =>
    fetch(`${BASE_URL}/api/v1/me`, { headers: { ...bearer(tokenOf("sre")), ...headers } });
  expect((await me({})).status).toBe(200);
  for (const name of ["x-forwarded-for", "x-forwarded-host", "forwarded", "via", "x-real-ip"]) {
    expect((await me({ [name]: "127.0.0.1" })).status, name).toBe(401);
  }
  expect((await me({ "x-proviso-direct": "guess", "x-forwarded-for": "10.0.0.1" })).status).toBe(401);
});

test("a form that another site sends is refused", async ({ page }) => {
  await visit(page, "/sign-in");
  await page.getByRole("button", { name: /scientist@example.com/ }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/");
  const post = (origin: string) =>
    page.request.post("/api/v1/use-cases", { headers: { origin, "content-type": "application/json" }, data: {} });
  expect((await post("http://evil.example")).status()).toBe(403);
  expect((await post("null")).status()).toBe(403);
  expect((await post(BASE_URL)).status()).toBe(400);
});

test("a session that is revoked is over at once", async ({ page, browser }) => {
  await visit(page, "/sign-in");
  await page.getByRole("button", { name: /auditor@example.com/ }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/");
  const other = await browser.newContext({ baseURL: BASE_URL, storageState: await page.context().storageState() });
  expect((await other.request.get("/api/v1/me")).status()).toBe(200);
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expect(page).toHaveURL(/sign-in/);
  expect((await other.request.get("/api/v1/me")).status()).toBe(401);
  await other.close();
});

test("two people decide at the same moment: one signature per slot", async () => {
  const slug = fresh("journey-race");
  const digest = await submittedContract(slug, flightContract());
  const path = `/use-cases/${slug}/contracts/1/signatures`;
  const answers = await Promise.all([1, 2, 3].map(() => api("sre", "POST", path, { digest })));
  expect(answers.map(({ status }) => status < 300).filter(Boolean)).toHaveLength(1);
  for (const { status } of answers) expect([200, 201, 403, 409]).toContain(status);
});

test("inference: wrong tensors, wrong tokens and too many requests are told apart", async () => {
  test.setTimeout(300_000);
  const slug = fresh("journey-refusals");
  await servingEndpoint(slug, flightContract({ throughput: { target: 40, atRisk: 35 } }));
  const inference = await inferenceOf(slug);
  const tensor = (change: object) =>
    infer(inference, {
      inputs: [{ name: "features", datatype: "FP32", shape: [1, 12], data: Array(12).fill(1), ...change }],
    });
  for (const [change, text] of [
    [{ name: "x" }, "unexpected input"],
    [{ datatype: "FP64" }, "expected FP32"],
    [{ shape: [1, 11] }, "shape"],
    [{ data: [1] }, "values"],
    [{ data: [null, ...Array(11).fill(1)] }, "not a finite"],
  ] as const) {
    expect(await tensor(change)).toMatchObject({ status: 400, body: { error: expect.stringContaining(text) } });
  }
  expect((await infer(inference, { parameters: {} })).body).toMatchObject({
    error: expect.stringContaining("feature_time"),
  });
  expect((await infer({ ...inference, token: "" })).status).toBe(401);
  expect((await infer({ ...inference, token: "a.b.c" })).status).toBe(401);
  const tampered = `${inference.token.slice(0, -4)}AAAA`;
  expect((await infer({ ...inference, token: tampered })).status).toBe(401);

  const burst = await Promise.all(Array.from({ length: 200 }, () => infer(inference)));
  const statuses = new Set(burst.map(({ status }) => status));
  expect([...statuses].sort()).toEqual([200, 429]);
  const { body } = await api("ci", "GET", `/endpoints/${slug}`);
  expect(body.name).toBe(slug);
  await done("sre", "GET", `/use-cases/${slug}/ledger`);
});
