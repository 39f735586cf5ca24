import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClickHouseAway } from "./clickhouse-insert";
import type { Batch } from "./ship";
import { retryAfterMs, Shipping } from "./shipping-round";
import { Spool } from "./spool";

let spoolRoot: string;
beforeEach(() => {
  spoolRoot = mkdtempSync(path.join(tmpdir(), "spools-"));
});
afterEach(() => rmSync(spoolRoot, { recursive: true }));

function write(endpoint: string): void {
  mkdirSync(path.join(spoolRoot, endpoint), { recursive: true });
  const spool = new Spool({ dir: path.join(spoolRoot, endpoint), segmentBytes: 1 << 20, capBytes: 1 << 30 });
  spool.append(Buffer.from(endpoint), Buffer.alloc(0), 1);
  spool.close();
}

test("backs off exponentially, longer while ClickHouse refuses than while it is away", () => {
  const away = [0, 1, 2, 9].map((failures) => retryAfterMs(new ClickHouseAway(""), failures));
  expect(away).toEqual([100, 200, 400, 1000]);
  expect([0, 9].map((failures) => retryAfterMs(new Error(""), failures))).toEqual([100, 15_000]);
});

test("an endpoint whose events are refused does not hold up the others, and is tried again after its wait", async () => {
  for (const endpoint of ["bad", "good"]) write(endpoint);
  const received: string[] = [];
  let isRefusing = true;
  const insert = async ({ token, requests }: Batch) => {
    if (isRefusing && token.startsWith("bad/")) throw new Error("no such table");
    received.push(requests.toString());
  };
  const shipping = new Shipping({ spoolRoot, insert, lingerMs: 500, batchBytes: 1 << 20 });
  expect(await shipping.round(() => 0)).toBe(true);
  expect(received).toEqual(["good"]);
  expect([...shipping.problems]).toEqual([["bad", "no such table"]]);
  isRefusing = false;
  expect(await shipping.round(() => 99)).toBe(false);
  expect(await shipping.round(() => 100)).toBe(true);
  expect(received).toEqual(["good", "bad"]);
  expect(shipping.problems.size).toBe(0);
});
