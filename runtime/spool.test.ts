import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Batch, shipNext } from "./ship";
import { Spool } from "./spool";
import { readCursor, saveCursor, segmentsOf, unshippedBytes } from "./spool-segments";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "spool-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const open = (segmentBytes = 1 << 20, capBytes = 1 << 30) => new Spool({ dir, segmentBytes, capBytes });
const write = (spool: Spool, text: string) => spool.append(Buffer.from(`${text};`), Buffer.from(text.toUpperCase()), 1);

type Received = { token: string; requests: string; rows: string };
/** Ships until nothing is left, and returns what was received. `fail` makes the first insert fail. */
async function drain(batchBytes = 1 << 20, onTorn: (bytes: number) => void = () => {}): Promise<Received[]> {
  const received: Received[] = [];
  const insert = async ({ token, requests, rows }: Batch) => {
    received.push({ token, requests: requests.toString(), rows: rows.toString() });
  };
  while ((await shipNext({ endpoint: "e", dir, batchBytes, insert, onTorn })) > 0);
  return received;
}
const texts = (received: Received[]) => received.map(({ requests }) => requests).join("");

test("ships every frame once, in order, across segments", async () => {
  const spool = open(64);
  for (const text of ["one", "two", "three", "four", "five", "six", "seven"]) write(spool, text);
  spool.close();
  expect(segmentsOf(dir).length).toBeGreaterThan(1);
  const received = await drain(70);
  expect(texts(received)).toBe("one;two;three;four;five;six;seven;");
  expect(received.map(({ rows }) => rows).join("")).toBe("ONETWOTHREEFOURFIVESIXSEVEN");
  expect(new Set(received.map(({ token }) => token)).size).toBe(received.length);
  expect(segmentsOf(dir)).toHaveLength(1);
  expect(unshippedBytes(dir)).toBe(0);
});

test("repeats the same range under the same token after a failed insert, though more was written meanwhile", async () => {
  const spool = open();
  write(spool, "one");
  const insert = async ({ token, requests }: Batch) => {
    throw new Error(`${token} ${requests}`);
  };
  const attempt = shipNext({ endpoint: "e", dir, batchBytes: 1 << 20, insert, onTorn: () => {} });
  const failure = await attempt.then(String, String);
  write(spool, "two");
  const received = await drain();
  expect(received.map(({ requests }) => requests)).toEqual(["one;", "two;"]);
  expect(failure).toBe(`Error: ${received[0]?.token} one;`);
  spool.close();
});

test("skips a torn frame at the end of a segment, counts it, and ships what a later process wrote", async () => {
  const first = open();
  write(first, "one");
  write(first, "two");
  first.close();
  const [segment = ""] = segmentsOf(dir);
  truncateSync(path.join(dir, segment), unshippedBytes(dir) - 2);
  const second = open();
  write(second, "three");
  second.close();
  let torn = 0;
  const received = await drain(1 << 20, (bytes) => {
    torn += bytes;
  });
  expect(texts(received)).toBe("one;three;");
  expect(torn).toBeGreaterThan(0);
});

test("a frame with a changed byte is not shipped", async () => {
  const spool = open();
  write(spool, "one");
  spool.close();
  const [segment = ""] = segmentsOf(dir);
  truncateSync(path.join(dir, segment), unshippedBytes(dir) - 1);
  appendFileSync(path.join(dir, segment), "x");
  expect(await drain()).toEqual([]);
});

test("a frame larger than a batch is shipped whole", async () => {
  const spool = open();
  write(spool, "x".repeat(5000));
  write(spool, "y");
  spool.close();
  expect(texts(await drain(100))).toBe(`${"x".repeat(5000)};y;`);
});

test("segment numbers grow past every file and past the cursor", () => {
  saveCursor(dir, { segment: "000000000041-abcdef01.seg", from: 0, to: 0 });
  open().close();
  expect(segmentsOf(dir)[0]).toMatch(/^000000000042-[0-9a-f]{8}\.seg$/);
  open().close();
  expect(segmentsOf(dir)[1]).toMatch(/^000000000043-/);
});

test("over its cap it keeps nothing, counts, and stays below the cap", () => {
  const spool = open(1 << 20, 1000);
  const kept = Array.from({ length: 100 }, () => write(spool, "twenty characters...")).filter(Boolean).length;
  spool.close();
  expect(spool.dropped).toBe(100 - kept);
  expect(kept).toBeGreaterThan(5);
  expect(unshippedBytes(dir)).toBeLessThanOrEqual(1000);
});

test("leaves no temporary file of the cursor", async () => {
  const spool = open();
  write(spool, "one");
  await drain();
  spool.close();
  expect(readCursor(dir)?.from).toBeGreaterThan(0);
  expect(readdirSync(dir).filter((file) => file.endsWith(".tmp"))).toEqual([]);
});
