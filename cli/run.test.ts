import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fullDocument } from "@/lib/contracts/test-document";
import { run } from "./run";
import { CI, ok, PERSON, refused, testPortal } from "./test-portal";

let portal: Awaited<ReturnType<typeof testPortal>>;
let home: string;
let out: string;
let err: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "proviso-cli-"));
  portal = await testPortal({
    "GET /api/v1/use-cases": () =>
      ok({
        items: [{ slug: "flight-delays", name: "Delays", team: "ops", owner: "o@example.com", latestContract: null }],
        nextCursor: "abc",
      }),
    "POST /api/v1/use-cases": () =>
      refused(400, "invalid", "The input is not valid.", {
        slug: ["lower-case letters"],
        owner: ["nobody has that address"],
      }),
    "POST /api/v1/endpoints/flight-delays/token": () =>
      ok({ token: "eyJ", audience: "flight-delays", expiresAt: "2026-11-24T15:00:00Z" }),
    "DELETE /api/v1/use-cases/flight-delays/contracts/2": () =>
      ok({ useCase: "flight-delays", number: 2, state: "withdrawn", revision: 1, document: {}, problems: [] }),
    "GET /api/v1/use-cases/flight-delays/contracts/1": () =>
      ok({
        ...{ useCase: "flight-delays", number: 1, standing: "draft", digest: null, signatures: [], missing: [] },
        ...{ problems: [], document: fullDocument() },
      }),
    "GET /api/v1/endpoints": () => refused(503, "unavailable", "The database does not answer."),
  });
});
afterEach(async () => {
  await portal.close();
  await rm(home, { recursive: true, force: true });
});

type Given = {
  readonly token?: string | undefined;
  readonly env?: Record<string, string>;
  readonly input?: string;
  readonly signal?: AbortSignal;
};

async function proviso(line: string, given: Given = { token: CI }): Promise<number> {
  out = "";
  err = "";
  return run(line.split(" "), {
    env: { HOME: home, PROVISO_URL: portal.url, ...(given.token && { PROVISO_TOKEN: given.token }), ...given.env },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    input:
      given.input === undefined
        ? null
        : (async function* () {
            yield given.input ?? "";
          })(),
    signal: given.signal ?? new AbortController().signal,
  });
}

test("a contract is shown with its slices and with what callers get when the model cannot answer", async () => {
  expect(await proviso("contract get flight-delays 1")).toBe(0);
  expect(out).toContain("error: previous_revision, timeout: fallback, overload: fallback, fallback probability 0.2");
  expect(out).toContain("f1 >= 0.45 ratio (distance 0..500)");
  expect(out).toContain("f1 >= 0.4 ratio (hour 0|1|2)");
});

test("1: interrupted while it waits for the verification", async () => {
  const directory = await modelDirectory();
  portal.decide("pending", null);
  const interrupt = new AbortController();
  const running = proviso(register(directory), { token: CI, signal: interrupt.signal });
  await expect.poll(() => err).toContain("being verified");
  interrupt.abort();
  expect(await running).toBe(1);
  expect(err).toMatch(/proviso: interrupted\n$/);
});

test("2: a whole document is no filling for an archetype: its clauses would be lost without a word", async () => {
  const file = path.join(home, "contract.json");
  await writeFile(file, JSON.stringify({ version: 1, purpose: "p", interface: {}, clauses: [], serving: {} }));
  expect(await proviso(`contract draft flight-delays --archetype blank --file ${file}`)).toBe(2);
  expect(err).toContain("also has version, clauses, serving: an archetype takes purpose, interface and numbers");
});

async function modelDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(home, "model-"));
  await writeFile(path.join(directory, "model.onnx"), randomBytes(3_000_000));
  await writeFile(path.join(directory, "reference.parquet"), "sample");
  for (const name of ["model", "evaluation", "dataset"])
    await writeFile(path.join(directory, `${name}.json`), `{"is":"${name}"}`);
  return directory;
}
const register = (directory: string) => `register --model flight-delays --dir ${directory} --code-revision abc123`;

test("0: a list comes as a table, and with --json as the server sent it", async () => {
  expect(await proviso("use-case list --limit 1")).toBe(0);
  expect(out).toMatch(/USE CASE +NAME +TEAM +OWNER +CONTRACT\nflight-delays +Delays +ops/);
  expect(out).toContain("more: --cursor abc");
  expect(portal.seen.at(-1)?.path).toBe("/api/v1/use-cases?limit=1");
  expect(await proviso("--json use-case list")).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ items: [{ slug: "flight-delays" }] });
});

test("1: what the server refuses is told with its words and its fields", async () => {
  const line = "use-case create X --purpose p --team t --owner o --cost-centre c";
  expect(await proviso(line)).toBe(1);
  expect(err).toBe("proviso: The input is not valid.\n  slug: lower-case letters\n  owner: nobody has that address\n");
  expect(await proviso(`${line} --json`)).toBe(1);
  expect(JSON.parse(err)).toMatchObject({ code: "invalid", errors: { slug: ["lower-case letters"] } });
  expect(await proviso("use-case list", { token: "pvs_unknown" })).toBe(1);
  expect(err).toContain("proviso login");
});

test.each([
  ["frobnicate", "no command frobnicate"],
  ["contract", "needs one of"],
  ["contract sign flight-delays", "VERSION is missing"],
  ["contract sign flight-delays 1", "--digest is missing"],
  ["contract draft flight-delays --copy x", "--copy is the number of a version"],
  ["use-case get a b", "b is one argument too many"],
  ["use-case list --frob", "'--frob'"],
  ["register --model m --dir /nowhere", "no /nowhere/model.json"],
  ["approve 1 --digest d", "--comment is missing"],
])("2: %s is a usage error", async (line, message) => {
  expect(await proviso(line)).toBe(2);
  expect(err).toContain(message);
  expect(portal.seen).toEqual([]);
});

test("2: without a server or a token nothing is tried", async () => {
  expect(await proviso("use-case list", { env: { PROVISO_URL: "" } })).toBe(2);
  expect(err).toContain("No server");
  expect(await proviso("use-case list", {})).toBe(2);
  expect(err).toContain("No token");
});

test("3: nobody listens, or the portal is down", async () => {
  const closed = await freePort();
  expect(await proviso(`use-case list --server http://127.0.0.1:${closed}`)).toBe(3);
  expect(err).toContain(`Cannot reach http://127.0.0.1:${closed}: connect ECONNREFUSED`);
  expect(await proviso("endpoint list")).toBe(3);
  expect(err).toContain("The database does not answer.");
});

test("login keeps the token for this user only, and sends it to no other server", async () => {
  expect(await proviso("login", { input: `${CI}\n` })).toBe(0);
  expect(out).toContain("as ci@example.com (ci)");
  const file = path.join(home, ".config", "proviso", "account.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ server: portal.url, token: CI });
  expect(await proviso("use-case list", { env: { PROVISO_URL: "" } })).toBe(0);
  expect(await proviso("use-case list --server http://127.0.0.1:4", { env: { PROVISO_URL: "" } })).toBe(2);
  expect(await proviso("login", { token: "pvs_wrong" })).toBe(1);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ token: CI });
});

test("register uploads what is not there, registers, and waits until it is verified", async () => {
  const directory = await modelDirectory();
  expect(await proviso(register(directory))).toBe(0);
  expect([...portal.artifacts.values()].sort()).toEqual([3_000_000, 6]);
  expect(out).toMatch(/version +flight-delays v3\nstate +ready/);
  expect(err).toContain("model.onnx  3.0 MB sent");
  const posted = portal.seen.find(({ method }) => method === "POST");
  expect(posted?.body).toMatchObject({
    files: [
      { path: "model.onnx", role: "model", size: 3_000_000 },
      { path: "reference.parquet", role: "reference_sample", size: 6 },
    ],
    schema: { is: "model" },
    evaluation: { is: "evaluation" },
    dataset: { is: "dataset" },
    codeRevision: "abc123",
  });
  expect(await proviso(register(directory))).toBe(0);
  expect(err).toContain("model.onnx  already there");
});

test("register fails with the reason when the verification fails, and when a person tries", async () => {
  const directory = await modelDirectory();
  portal.decide("failed", "model.json declares 12 features, the file has 11");
  expect(await proviso(register(directory))).toBe(1);
  expect(err).toContain("flight-delays v3 failed its verification: model.json declares 12 features, the file has 11");
  await writeFile(path.join(directory, "model.onnx"), "other");
  expect(await proviso(register(directory), { token: PERSON })).toBe(1);
  expect(err).toContain("proviso: Versions come from CI.");
});

test("contract withdraw takes one version back and says why", async () => {
  expect(await proviso("contract withdraw flight-delays 2 --comment superseded")).toBe(0);
  expect(out).toMatch(/contract +flight-delays v2\nstate +withdrawn/);
  expect(portal.seen.at(-1)).toEqual({
    method: "DELETE",
    path: "/api/v1/use-cases/flight-delays/contracts/2?comment=superseded",
    body: undefined,
  });
  expect(await proviso("contract withdraw flight-delays")).toBe(2);
});

test("token prints the token alone", async () => {
  expect(await proviso("token flight-delays")).toBe(0);
  expect(out).toBe("eyJ\n");
});

test("the installed command runs in any directory and hands on the exit code", async () => {
  const command = path.join(import.meta.dirname, "proviso.mjs");
  const env = { NODE_ENV: "test" as const, PATH: "", HOME: home, PROVISO_URL: portal.url, PROVISO_TOKEN: CI };
  const { stdout } = await promisify(execFile)(process.execPath, [command, "whoami"], { cwd: home, env });
  expect(stdout).toBe("ci@example.com (service): ci\n");
  const failing = promisify(execFile)(process.execPath, [command, "use-case", "get", "nope"], { cwd: home, env });
  await expect(failing).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("There is nothing at") });
});

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
