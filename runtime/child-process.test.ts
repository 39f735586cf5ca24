import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { type Exit, KeptChild } from "./child-process";

const dir = mkdtempSync(path.join(tmpdir(), "child-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("a process that stops talking is killed and started again; one that talks is left alone", async () => {
  // The first message comes at once, then the loop stands still for good, as with a model that does not return.
  const stuck = path.join(dir, "stuck.mjs");
  writeFileSync(stuck, 'process.send("hello"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);');
  const lively = path.join(dir, "lively.mjs");
  writeFileSync(
    lively,
    'setInterval(() => process.send("hello"), 100); process.on("disconnect", () => process.exit());',
  );
  const exits: Exit[] = [];
  let killed = 0;
  const keep = (file: string, onExit: (exit: Exit) => void) =>
    new KeptChild<object, string>({
      program: pathToFileURL(file),
      args: [],
      onStart: () => {},
      onMessage: () => {},
      onExit,
      silence: { limitS: 2, onKill: () => killed++ },
    });
  const other = keep(lively, (exit) => exits.push(exit));
  other.start();
  let stop: () => Promise<void> = async () => {};
  const exit = await new Promise<Exit>((resolve) => {
    const child = keep(stuck, resolve);
    stop = () => child.stop();
    child.start();
  });
  expect([exit.signal, killed]).toEqual(["SIGKILL", 1]);
  expect([other.restarts, exits.length]).toEqual([0, 0]);
  await stop();
  await other.stop();
});
