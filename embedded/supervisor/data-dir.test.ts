import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "@/embedded/free-port.mjs";
import { asStartError } from "@/embedded/start-error.mjs";
import { openDataDir } from "./data-dir";
import { choosePorts } from "./ports";
import { claim, forgetProcesses, writeProcesses } from "./processes";
import { keepInferenceKey, keepSecrets } from "./secrets";

let parent: string;
let dir: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "proviso-data-"));
  dir = path.join(parent, "data");
});
afterEach(() => rmSync(parent, { recursive: true }));

const modeOf = (file: string) => statSync(file).mode & 0o777;

test("a new folder is open to its owner only and says its format; it opens again", async () => {
  expect(await openDataDir({ dir })).toBe(dir);
  expect(modeOf(dir)).toBe(0o700);
  expect(readFileSync(path.join(dir, "VERSION"), "utf8")).toBe("1\n");
  expect(await openDataDir({ dir })).toBe(dir);
});

test("data of another version is refused with both numbers, and left alone", async () => {
  await openDataDir({ dir });
  writeFileSync(path.join(dir, "VERSION"), "7\n");
  await expect(openDataDir({ dir })).rejects.toThrow(/has format 7, this version reads format 1: .*--reset/);
  expect(readFileSync(path.join(dir, "VERSION"), "utf8")).toBe("7\n");
});

test("a folder with other files is refused, and --reset does not delete it", async () => {
  writeFileSync(path.join(parent, "thesis.txt"), "dear");
  await expect(openDataDir({ dir: parent })).rejects.toThrow(/holds files that are not Proviso's/);
  await expect(openDataDir({ dir: parent, reset: true })).rejects.toThrow(/has no VERSION file/);
  expect(existsSync(path.join(parent, "thesis.txt"))).toBe(true);
});

test("--reset begins anew in a folder of ours, also one of another version", async () => {
  await openDataDir({ dir });
  writeFileSync(path.join(dir, "VERSION"), "7\n");
  writeFileSync(path.join(dir, "ports.json"), "{}");
  await openDataDir({ dir, reset: true });
  expect(existsSync(path.join(dir, "ports.json"))).toBe(false);
});

test("too little free space is refused with how much there is and how much is needed", async () => {
  await expect(openDataDir({ dir, floorMb: 1e9 })).rejects.toThrow(
    /is full: \d+ MB are free and 1000000000 MB are needed/,
  );
});

test("an error that says the disk is full becomes one sentence, whoever met it", () => {
  const node = Object.assign(new Error("write"), { code: "ENOSPC" });
  const postgres = new Error("initdb failed: could not write: No space left on device");
  for (const error of [node, postgres]) expect(asStartError(error)?.message).toMatch(/^The disk is full: make room/);
  expect(asStartError(new Error("something else"))).toBeUndefined();
});

test("a port or folder that the system refuses becomes one sentence with what to do", async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, "127.0.0.1", () => resolve((taken.address() as { port: number }).port));
  });
  const inUse = await freePort(port).catch((error: unknown) => asStartError(error)?.message);
  taken.close();
  expect(inUse).toBe(`Port ${port} is in use: stop what listens there, or choose another with --port.`);
  const low = Object.assign(new Error("listen"), { code: "EACCES", syscall: "listen", port: 80 });
  expect(asStartError(low)?.message).toMatch(/^Port 80 is only for an administrator: .*--port/);
  const folder = Object.assign(new Error("mkdir"), { code: "EACCES", syscall: "mkdir", path: "/somewhere" });
  expect(asStartError(folder)?.message).toMatch(/^\/somewhere cannot be written by this user: .*--data-dir/);
  writeFileSync(path.join(parent, "file"), "");
  const within = openDataDir({ dir: path.join(parent, "file") }).catch(
    (error: unknown) => asStartError(error)?.message,
  );
  expect(await within).toMatch(/file is no folder: choose one with --data-dir/);
});

test("a folder that a living supervisor holds is refused with its process; after it is gone the folder opens", async () => {
  await openDataDir({ dir });
  writeProcesses(dir, []);
  await expect(openDataDir({ dir })).rejects.toThrow(new RegExp(`already runs on .* \\(process ${process.pid}\\)`));
  await expect(openDataDir({ dir, reset: true })).rejects.toThrow(/already runs/);
  forgetProcesses(dir);
  await claim(dir);
});

test("a process number that somebody else has by now holds nothing", async () => {
  await openDataDir({ dir });
  const supervisor = { pid: process.pid, started: "an earlier time" };
  writeFileSync(path.join(dir, "processes.json"), JSON.stringify({ supervisor, children: [supervisor] }));
  await openDataDir({ dir });
});

test("ports are kept from start to start, and only a taken one moves", async () => {
  await openDataDir({ dir });
  const first = await choosePorts(dir);
  expect(await choosePorts(dir)).toEqual(first);
  const server: Server = createServer().listen(first.clickhouse, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const second = await choosePorts(dir);
  server.close();
  expect(second).toEqual({ ...first, clickhouse: second.clickhouse });
  expect(second.clickhouse).not.toBe(first.clickhouse);
});

test("secrets are kept and private; the secret of direct requests is new with every start", async () => {
  await openDataDir({ dir });
  const first = keepSecrets(dir);
  const second = keepSecrets(dir);
  expect(second).toEqual({ ...first, directSecret: second.directSecret });
  expect(second.directSecret).not.toBe(first.directSecret);
  expect(modeOf(path.join(dir, "secrets.json"))).toBe(0o600);
  expect(Object.values(first).every((secret) => secret.length >= 43)).toBe(true);
});

test("the key of inference tokens is made once, private, with an id and an algorithm", async () => {
  await openDataDir({ dir });
  const file = await keepInferenceKey(dir);
  const key = readFileSync(file, "utf8");
  expect(JSON.parse(key)).toMatchObject({
    kty: "EC",
    crv: "P-256",
    alg: "ES256",
    kid: expect.any(String),
    d: expect.any(String),
  });
  await keepInferenceKey(dir);
  expect(readFileSync(file, "utf8")).toBe(key);
  expect(modeOf(file)).toBe(0o600);
});

function launch(...args: string[]) {
  return spawnSync(process.execPath, ["embedded/launch.mjs", ...args], { encoding: "utf8" });
}

test("a taken port is one sentence and status 1, before anything is installed or built", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  const { status, stdout, stderr } = launch("start", "--port", String(port), "--data-dir", dir);
  server.close();
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: `Port ${port} is in use: stop what listens there, or choose another with --port.\n`,
  });
  expect(existsSync(dir)).toBe(false);
});

test.each([
  [["start", "--port", "0"], /--port wants a number from 1 to 65535, not "0"/],
  [["start", "--port", "many"], /--port wants a number/],
  [["start", "--verbose"], /Unknown option '--verbose'[\s\S]*usage:/],
  [["begin"], /^usage: npm run demo/],
])("the command line %s is refused with what is wrong", (args, message) => {
  const { status, stderr } = launch(...args);
  expect(status).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});
