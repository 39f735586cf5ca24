import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { linkCommand } from "./link-command.mjs";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "proviso-link-"));
  mkdirSync(path.join(root, "cli"));
  writeFileSync(path.join(root, "cli/proviso.mjs"), `#!${process.execPath}\nconsole.log("the command")\n`, {
    mode: 0o755,
  });
});
afterEach(() => rmSync(root, { recursive: true }));

/** As npx does it, under this project's own package.json and settings of npm; without a registry. */
function npx() {
  for (const file of ["package.json", ".npmrc"]) cpSync(path.resolve(file), path.join(root, file));
  return spawnSync("npx", ["--offline", "proviso"], { cwd: root, encoding: "utf8" });
}

test.skipIf(process.platform === "win32")("npx proviso runs the command of this folder and installs nothing", () => {
  linkCommand(root);
  expect(npx()).toMatchObject({ status: 0, stdout: "the command\n" });
});

test.skipIf(process.platform === "win32")(
  "a link that leads nowhere is made anew; one that works is left alone",
  () => {
    mkdirSync(path.join(root, "node_modules/.bin"), { recursive: true });
    symlinkSync("/nowhere", path.join(root, "node_modules/.bin/proviso"));
    linkCommand(root);
    linkCommand(root);
    expect(npx().stdout).toBe("the command\n");
  },
);
