import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ArtifactStore, artifactStore } from "@/lib/artifacts/store";

let directory: string;
let store: ArtifactStore;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "artifacts-"));
  store = artifactStore(directory);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
async function* chunks(...parts: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}
const bytes = randomBytes(100_000);
const promised = { sha256: digest(bytes), size: bytes.length };
const filesLeft = async () =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

test("what was put is found and read under its digest, and a second time it is not read", async () => {
  expect(await store.find(promised.sha256)).toBeNull();
  expect(await store.put({ ...promised, body: chunks(bytes.subarray(0, 10), bytes.subarray(10)) })).toEqual({
    created: true,
  });
  const found = await store.find(promised.sha256);
  expect(found?.path).toBe(path.join(directory, "sha256", promised.sha256.slice(0, 2), promised.sha256));
  expect(digest(await readFile(found?.path ?? ""))).toBe(promised.sha256);
  const { size, body } = await store.read(promised.sha256);
  expect(size).toBe(bytes.length);
  expect(digest(new Uint8Array(await new Response(body).arrayBuffer()))).toBe(promised.sha256);
  expect(await store.put({ ...promised, body: chunks(new Error("read")) })).toEqual({ created: false });
  expect(await filesLeft()).toBe(1);
});

test.each([
  ["breaks off", chunks(bytes.subarray(0, 500), new Error("aborted")), promised, "after 500 of 100000 bytes"],
  ["ends early", chunks(bytes.subarray(0, 500)), promised, "after 500 of 100000 bytes"],
  ["is too long", chunks(bytes, bytes), promised, "longer than the 100000 bytes"],
  ["has another digest", chunks(bytes), { ...promised, sha256: "a".repeat(64) }, `have the SHA-256 ${promised.sha256}`],
])("an upload that %s is refused and leaves nothing", async (_what, body, claim, message) => {
  await expect(store.put({ ...claim, body })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining(message),
  });
  expect(await filesLeft()).toBe(0);
});

test("a length that contradicts the stored file of that digest is refused", async () => {
  await store.put({ ...promised, body: chunks(bytes) });
  await expect(store.put({ ...promised, size: 7, body: chunks(bytes) })).rejects.toThrow("has 100000 bytes, not 7");
});

test("the same content from several callers at once is one whole file", async () => {
  await Promise.all(Array.from({ length: 8 }, () => store.put({ ...promised, body: chunks(bytes) })));
  expect(digest(await readFile((await store.find(promised.sha256))?.path ?? ""))).toBe(promised.sha256);
  expect(await filesLeft()).toBe(1);
});

test("a digest that is no digest reaches no file", async () => {
  expect(await store.find("../../../etc/passwd")).toBeNull();
  await expect(store.read("../../../etc/passwd")).rejects.toMatchObject({ code: "not_found" });
});

test("the sweep removes old uploads and leaves the ones in progress", async () => {
  await mkdir(path.join(directory, "uploads"));
  const old = path.join(directory, "uploads", "old");
  await writeFile(old, "x");
  await writeFile(path.join(directory, "uploads", "young"), "x");
  await utimes(old, 1000, 1000);
  expect(await store.sweep(2_000_000)).toBe(1);
  expect(await readdir(path.join(directory, "uploads"))).toEqual(["young"]);
});

test("300 MB pass through without being held in memory", { timeout: 60_000 }, async () => {
  const mebibyte = 1 << 20;
  const hash = createHash("sha256");
  for (let i = 0; i < 300; i++) hash.update(Buffer.alloc(mebibyte, i));
  const before = process.memoryUsage().rss;
  let peak = 0;
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 300; i++) {
      yield Buffer.alloc(mebibyte, i);
      peak = Math.max(peak, process.memoryUsage().rss - before);
    }
  }
  await store.put({ sha256: hash.digest("hex"), size: 300 * mebibyte, body: body() });
  expect(peak).toBeLessThan(150 * mebibyte);
});
