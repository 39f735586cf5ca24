import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Limits, runLimited } from "@/worker/limited-process";

const LIMITS: Limits = { memoryBytes: 2 ** 30, seconds: 30 };
vi.setConfig({ testTimeout: 60_000 });

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "limited-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs these lines as the limited program; `answer(value)` is its answer, `question` what it was asked. */
async function running(
  lines: string,
  limits = LIMITS,
  signal = new AbortController().signal,
  question: unknown = null,
) {
  const program = path.join(directory, `${Math.random()}.mjs`);
  const head = `import { readFileSync, writeFileSync, writeSync } from "node:fs";
    const answer = (value) => writeSync(3, JSON.stringify(value));
    const question = JSON.parse(readFileSync(0, "utf8"));`;
  await writeFile(program, `${head}\n${lines}`);
  return runLimited(program, question, limits, signal);
}

test("it gets its question and nothing of our environment, and its answer comes back", async () => {
  vi.stubEnv("DATABASE_URL", "postgresql://app:secret@127.0.0.1/db");
  const ended = await running("answer({ question, env: process.env })", LIMITS, undefined, { a: 1 });
  expect(ended).toMatchObject({ code: 0, signal: null, timedOut: false });
  expect(JSON.parse(ended.answer)).toMatchObject({ question: { a: 1 } });
  expect(ended.answer).not.toContain("secret");
});

test.runIf(process.platform === "linux")(
  "one that takes more memory than it may have ends without taking it",
  async () => {
    const ended = await running(
      "const kept = []; for (let i = 0; i < 3000; i++) kept.push(Buffer.alloc(1 << 20, i)); answer(kept.length)",
    );
    expect(ended.answer).toBe("");
    expect(ended.signal ?? ended.code).not.toBe(0);
  },
);

test("one that takes too long is ended", async () => {
  const ended = await running("for (;;);", { ...LIMITS, seconds: 2 });
  expect(ended.answer).toBe("");
  expect(ended.timedOut || ended.signal === "SIGXCPU" || ended.signal === "SIGKILL").toBe(true);
});

test("one that nobody waits for any more is ended", async () => {
  const stopping = new AbortController();
  const run = running("answer('started'); setInterval(() => {}, 1000)", LIMITS, stopping.signal);
  stopping.abort();
  await expect(run).rejects.toThrow("abort");
});

test.runIf(process.platform === "linux")("it writes no file", async () => {
  const file = path.join(directory, "written");
  const ended = await running(
    `try { writeFileSync(question, "x".repeat(10000)); answer("written"); } catch (error) { answer(error.code); }`,
    LIMITS,
    undefined,
    file,
  );
  expect(ended.answer).not.toContain("written");
});

test.runIf(process.platform === "linux")("it reaches no server on this machine", async ({ skip }) => {
  const server = createServer((_request, response) => response.end("reached"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const ended = await running(
    "answer(await fetch(question).then((r) => r.text(), (e) => e.cause?.code ?? String(e)))",
    LIMITS,
    undefined,
    url,
  );
  server.close();
  skip(ended.answer.includes("reached"), "this system allows no network namespace (unshare --net)");
  expect(JSON.parse(ended.answer)).toMatch(/ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL|ECONNREFUSED/);
});
