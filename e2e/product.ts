// What a journey needs of the product under test, through its own interfaces only: HTTP, the command line, inference calls.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, type Page } from "@playwright/test";

export type Account =
  | "scientist"
  | "owner"
  | "sre"
  | "validator"
  | "governance"
  | "finance"
  | "auditor"
  | "admin"
  | "ci";
export type Answer = { readonly status: number; readonly body: Record<string, unknown> };

const ROOT = path.resolve(import.meta.dirname, "..");
const MODELS = path.join(ROOT, "examples/flight-delays/models");
export const BASE_URL = `http://127.0.0.1:${process.env.E2E_PORT}`;

const RUN = Date.now().toString(36);

/** A name that no earlier run against the same product has used. */
export const fresh = (name: string): string => `${name}-${RUN}`;

export function tokenOf(account: Account): string {
  const file = path.join(process.env.E2E_DATA_DIR ?? "", "dev-accounts.json");
  const accounts = JSON.parse(readFileSync(file, "utf8")) as Record<string, { token: string }>;
  const found = accounts[`${account}@example.com`];
  if (!found) throw new Error(`no account ${account} in ${file}`);
  return found.token;
}

/** A call of the HTTP API as an account. */
export async function api(account: Account, method: string, url: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${BASE_URL}/api/v1${url}`, {
    method,
    headers: { authorization: `Bearer ${tokenOf(account)}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A call that must succeed. */
export async function done(account: Account, method: string, url: string, body?: unknown): Promise<Answer["body"]> {
  const answer = await api(account, method, url, body);
  expect(answer.status, `${account} ${method} ${url}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

/** Runs `proviso` as an account. */
export async function proviso(
  account: Account,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["cli/proviso.mjs", ...args], {
    cwd: ROOT,
    env: { ...process.env, PROVISO_URL: BASE_URL, PROVISO_TOKEN: tokenOf(account) },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise<number>((resolve) => child.once("close", (status) => resolve(status ?? 1)));
  return { code, stdout, stderr };
}

/** Goes to a page and waits until it answers to clicks. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
}

/** Signs in with one click on the sign-in page. */
export async function signIn(page: Page, account: Exclude<Account, "ci">): Promise<void> {
  await page.context().clearCookies();
  await visit(page, "/sign-in");
  await page.getByRole("button", { name: new RegExp(`${account}@example.com`) }).click();
  await expect(page).toHaveURL((url) => !url.pathname.startsWith("/sign-in"));
}

type Clause = Record<string, unknown> & { id: string; kind: string };
export type Document = { interface: { features: { name: string }[] }; clauses: Clause[]; [key: string]: unknown };

type Change = Readonly<Record<string, Record<string, unknown> | null>>;

/** Limits that hold on a machine that shares its cores with a browser; a drill takes the better part of a minute. */
const EASY: Change = {
  latency_p95: { target: 100, atRisk: 80 },
  latency_p99: { target: 250, atRisk: 200 },
  throughput: { target: 200, atRisk: 160 },
  failure_mode: null,
};

/** The flight contract with limits that are easy to keep, and some of its clauses changed; a clause that is set to null is left out. */
export function flightContract(changes: Change = {}): Document {
  const change = { ...EASY, ...changes };
  const file = path.join(ROOT, "examples/flight-delays/contract.json");
  const document = JSON.parse(readFileSync(file, "utf8")) as Document;
  const clauses = document.clauses
    .filter(({ id }) => change[id] !== null)
    .map((clause) => ({ ...clause, ...change[clause.id] }));
  return { ...document, clauses };
}

/** A use case with a submitted contract; returns the digest to sign. */
export async function submittedContract(slug: string, document: Document): Promise<string> {
  await done("scientist", "POST", "/use-cases", {
    name: `Journey ${slug}`,
    slug,
    purpose: "Shows that the path works from the contract to the measured endpoint.",
    team: "Journeys",
    owner: "owner@example.com",
    costCentre: "4410",
  });
  const draft = await done("scientist", "POST", `/use-cases/${slug}/contracts`, { from: "document", document });
  const submitted = await done("scientist", "POST", `/use-cases/${slug}/contracts/${draft.number}/submit`, {});
  return String(submitted.digest);
}

export async function sign(slug: string, digest: string, ...accounts: Account[]): Promise<void> {
  for (const account of accounts) {
    await done(account, "POST", `/use-cases/${slug}/contracts/1/signatures`, { digest, comment: "read" });
  }
}

/** Registers one of the example's models under a name; waits until it is ready. */
export async function registerModel(name: string, example: "v1" | "v2" | "v3" = "v1"): Promise<void> {
  const files = [
    "--dir",
    `${MODELS}/${example}`,
    "--dataset",
    `${MODELS}/dataset.json`,
    "--reference",
    `${MODELS}/reference.parquet`,
    "--evaluation-sample",
    `${MODELS}/evaluation-sample.parquet`,
  ];
  const { code, stdout, stderr } = await proviso("ci", "register", "--model", name, ...files, "--code-revision", "e2e");
  expect(code, stdout + stderr).toBe(0);
}

/** A use case whose endpoint of the same name serves version 1 of a model under a signed contract. */
export async function servingEndpoint(
  slug: string,
  document: Document,
  clock: "wall" | "supplied" = "wall",
): Promise<void> {
  const digest = await submittedContract(slug, document);
  await sign(slug, digest, "owner", "sre", "governance");
  await createEndpoint(slug, clock);
  await registerModel(slug);
  await promote(slug, 1);
}

type GateItem = { readonly status: string; readonly title: string; readonly reasons: readonly string[] };

/** Waits until the portal has measured what the gate of a promotion misses; resolves to the items that do not pass then. */
export async function measured(promotion: unknown): Promise<readonly GateItem[]> {
  const gate = async () => (await done("scientist", "GET", `/promotions/${promotion}`)).gate as GateItem[];
  await expect
    .poll(async () => (await gate()).filter(({ status }) => status === "missing").map(({ reasons }) => reasons), {
      timeout: 300_000,
    })
    .toEqual([]);
  return (await gate()).filter(({ status }) => status !== "pass");
}

/** Asks for a version of the model of the endpoint's name, and waits until the gate has its evidence. */
export async function requested(slug: string, version: number): Promise<unknown> {
  const order = { endpoint: slug, model: slug, version, comment: `version ${version}` };
  const { id } = await done("scientist", "POST", "/promotions", order);
  expect(await measured(id)).toEqual([]);
  return id;
}

/** By both who have to. */
export async function approve(promotion: unknown): Promise<void> {
  for (const account of ["validator", "governance"] as const) {
    const { inputsDigest } = await done(account, "GET", `/promotions/${promotion}`);
    const body = { decision: "approve", comment: "checked", inputsDigest };
    await done(account, "POST", `/promotions/${promotion}/decisions`, body);
  }
}

/** Version of the model of the endpoint's name, asked for, measured, approved by both, and serving. */
export async function promote(slug: string, version: number): Promise<void> {
  const promotion = await requested(slug, version);
  await approve(promotion);
  await expect
    .poll(async () => (await done("sre", "GET", `/promotions/${promotion}`)).state, { timeout: 60_000 })
    .toBe("active");
}

export async function createEndpoint(slug: string, clock: "wall" | "supplied" = "wall"): Promise<void> {
  const body = { name: slug, useCase: slug, environment: "production", tier: "cpu", target: "local", clock };
  await done("sre", "POST", "/endpoints", body);
}

/** A row of the flight model that is nothing special. */
export const ROW = [14, 3, 733, 22, 0.2, 0.19, 0.21, 12, 0.18, 14, 0.2, 0.19];

export type Inference = { readonly url: string; readonly token: string };

export async function inferenceOf(endpoint: string): Promise<Inference> {
  const { inferenceUrl } = await done("ci", "GET", `/endpoints/${endpoint}`);
  const { token } = await done("ci", "POST", `/endpoints/${endpoint}/token`, {});
  return { url: String(inferenceUrl), token: String(token) };
}

/** One inference request; `body` replaces parts of a good one. */
export async function infer({ url, token }: Inference, body: Record<string, unknown> = {}): Promise<Answer> {
  const now = Date.now();
  const good = {
    inputs: [{ name: "features", datatype: "FP32", shape: [1, 12], data: ROW }],
    parameters: { event_time: now, feature_time: now - 60_000 },
  };
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ ...good, ...body }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}
