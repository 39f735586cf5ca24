import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type CommandIo, run } from "./command";
import { childEnvironment } from "./env";
import { TestHost, until } from "./test-host";
import { ROOT } from "./typescript-loader";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const host = new TestHost();
const NAME = "steps";
let dataDir: string;
beforeAll(async () => {
  await host.start();
  // A data directory keeps the host's own as `runtime`.
  dataDir = path.join(host.dir, "data");
  mkdirSync(dataDir);
  symlinkSync(host.dir, path.join(dataDir, "runtime"));
  const [first, second] = [
    host.revision("steps-r1", { features: 3 }),
    host.revision("steps-r2", { features: 3, seed: 2 }),
  ];
  await host.apply(host.config(NAME, 4, second, { warm: first }));
  await host.endpoint(NAME, ({ serving, warm }) => serving === "steps-r2" && warm === "steps-r1");
});
afterAll(() => host.close());

const nowhere = { url: undefined, tokenFile: undefined, dir: undefined };
async function command(args: readonly string[], env: CommandIo["env"] = nowhere) {
  let [out, err] = ["", ""];
  const io = { out: (text: string) => (out += text), err: (text: string) => (err += text), env, cwd: host.dir };
  const code = await run(args, { ...io, out: (text) => void io.out(text), err: (text) => void io.err(text) });
  return { code, out, err };
}
const there = () => ["--data-dir", dataDir];

test("the host leaves what opens it where only its own account reads it", () => {
  expect(statSync(path.join(host.dir, "admin.json")).mode & 0o777).toBe(0o600);
});

test("status says what serves and what is warm", async () => {
  const { code, out } = await command(["status", ...there()]);
  expect(out).toContain("steps: ready, answers as steps-r2; warm steps-r1, generation 4");
  expect(code).toBe(0);
});

test("without a reason or the name nothing happens, and it says what would", async () => {
  const effect = "steps answers as steps-r2 and would go back to steps-r1";
  const silent = await command(["rollback", NAME, ...there()]);
  expect(silent).toMatchObject({ code: 2, err: expect.stringContaining(effect) });
  const unconfirmed = await command(["rollback", NAME, "--reason", "errors", "--yes", "other", ...there()]);
  expect(unconfirmed).toMatchObject({ code: 2, err: expect.stringContaining(`${effect}. To do it, add --yes steps.`) });
  expect((await host.ready(NAME, "steps-r2")).generation).toBe(4);
});

test("a rollback is done, reported until the portal knows of it, and outlives a kill of the host", async () => {
  const done = await command(["rollback", NAME, "--reason", "too many errors", "--yes", NAME, ...there()]);
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining("steps answers as steps-r1") });
  await host.kill("SIGKILL");
  await host.start();
  const status = await host.endpoint(NAME, ({ state, warm }) => state === "ready" && warm === "steps-r2");
  expect(status).toMatchObject({
    ...{ generation: 5, serving: "steps-r1" },
    rolledBack: {
      from: "steps-r2",
      to: "steps-r1",
      reason: "too many errors",
      by: expect.stringMatching(/.@./),
      generation: 5,
    },
  });
  expect((await command(["status", ...there()])).out).toContain("rolled back from steps-r2 by");
});

test("a stale wish of the portal is refused; its taking over ends the report without another swap", async () => {
  const [first, second] = [
    host.revision("steps-r1", { features: 3 }),
    host.revision("steps-r2", { features: 3, seed: 2 }),
  ];
  expect((await host.apply(host.config(NAME, 5, second, { warm: first }))).endpoints[0]?.result).toBe("stale");
  expect((await host.apply(host.config(NAME, 5, first, { warm: second }))).endpoints[0]?.result).toBe("accepted");
  const status = await host.endpoint(NAME, ({ rolledBack }) => rolledBack === null);
  expect(status).toMatchObject({ generation: 5, serving: "steps-r1", warm: "steps-r2", state: "ready" });
});

test("an endpoint that has nothing warm, or is not there, is refused in words", async () => {
  await host.apply(host.config("single", 1, host.revision("single-r1", { features: 3 })));
  await host.ready("single", "single-r1");
  const single = await command(["rollback", "single", "--reason", "r", "--yes", "single", ...there()]);
  expect(single).toMatchObject({ code: 1, err: expect.stringContaining("keeps no earlier revision") });
  const other = await command(["rollback", "other", "--reason", "r", "--yes", "other", ...there()]);
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining("it serves: steps, single") });
  const empty = await host.admin("POST", "/v1/rollback", JSON.stringify({ endpoint: NAME, by: "ops", reason: " " }));
  expect([empty.status, JSON.stringify(await empty.json())]).toEqual([400, expect.stringContaining("why")]);
});

test("another host is asked by its address, with the token of a file", async () => {
  const tokenFile = path.join(host.dir, "token");
  writeFileSync(tokenFile, `${JSON.parse(readFileSync(path.join(host.dir, "admin.json"), "utf8")).token}\n`);
  expect((await command(["status"], { ...nowhere, url: host.url, tokenFile })).code).toBe(0);
  writeFileSync(tokenFile, "wrong");
  const refused = await command(["status"], { ...nowhere, url: host.url, tokenFile });
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("token is required") });
  const away = await command(["status"], { ...nowhere, url: "http://127.0.0.1:1", tokenFile });
  expect(away).toMatchObject({ code: 3, err: expect.stringContaining("does not answer") });
  expect(await command(["status"])).toMatchObject({ code: 2, err: expect.stringContaining("--data-dir") });
});

test("the program runs from any folder", async () => {
  const program = path.join(ROOT, "runtime/proviso-runtime.mjs");
  const child = spawn(process.execPath, [program, "status", ...there()], { cwd: tmpdir(), env: childEnvironment() });
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  await until("the program to end", async () => child.exitCode !== null);
  expect([child.exitCode, out]).toEqual([0, expect.stringContaining("steps: ready")]);
});
