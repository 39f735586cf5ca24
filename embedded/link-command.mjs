// Puts `proviso` into node_modules/.bin, where npx looks first. As "bin" in package.json npx would install this very package
// into its cache before each first use, which a strict policy for install scripts refuses. Plain JavaScript: runs after `npm ci`.
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const COMMAND = "../../cli/proviso.mjs";

/**
 * Makes `npx proviso` work in a folder that has the packages; does nothing where it does already.
 * @param {string} root
 */
export function linkCommand(root) {
  const bin = path.join(root, "node_modules", ".bin");
  const windows = process.platform === "win32";
  const link = path.join(bin, windows ? "proviso.cmd" : "proviso");
  if (existsSync(link)) return;
  mkdirSync(bin, { recursive: true });
  if (windows) {
    // Without the first, npx does not know the name; the second is what the shell runs.
    writeFileSync(path.join(bin, "proviso"), "");
    writeFileSync(link, `@node "%~dp0\\..\\..\\cli\\proviso.mjs" %*\r\n`);
  } else {
    // A link into a folder that has moved is no file, but its name is taken.
    rmSync(link, { force: true });
    symlinkSync(COMMAND, link);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  linkCommand(fileURLToPath(new URL("..", import.meta.url)));
}
