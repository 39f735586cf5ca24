import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFile } from "./log-file";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "proviso-log-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("a full file is moved aside, four files stay, and the newest line is in the first", () => {
  const log = new LogFile(path.join(dir, "web.log"), 100);
  for (let line = 0; line < 100; line += 1) log.write(`line ${String(line).padStart(4, "0")}\n`);
  log.close();
  expect(readdirSync(dir).sort()).toEqual(["web.log", "web.log.1", "web.log.2", "web.log.3"]);
  const all = ["web.log.3", "web.log.2", "web.log.1", "web.log"].map((name) =>
    readFileSync(path.join(dir, name), "utf8"),
  );
  expect(all.every((text) => text.length <= 100)).toBe(true);
  const lines = all.join("").trim().split("\n");
  expect(lines).toEqual(lines.map((_, at) => `line ${String(100 - lines.length + at).padStart(4, "0")}`));
});

test("a restart goes on in the same file, within the same limit", () => {
  for (let start = 0; start < 3; start += 1) {
    const log = new LogFile(path.join(dir, "web.log"), 25);
    log.write("0123456789\n");
    log.close();
  }
  expect(readFileSync(path.join(dir, "web.log"), "utf8")).toBe("0123456789\n");
  expect(readFileSync(path.join(dir, "web.log.1"), "utf8")).toBe("0123456789\n0123456789\n");
});

test("a log that can no longer be written loses lines, and throws nothing", () => {
  const log = new LogFile(path.join(dir, "web.log"));
  log.close();
  expect(() => log.write("late\n")).not.toThrow();
});
