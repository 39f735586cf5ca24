// Puts `proviso` and `proviso-runtime` into node_modules/.bin, where npx looks first. As "bin" in package.json npx would install this
// very package into its cache before each first use, which a strict policy for install scripts refuses. Plain JavaScript: runs after
// `npm ci`.
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const COMMANDS = { proviso: "cli/proviso.mjs", "proviso-runtime": "runtime/proviso-runtime.mjs" };

/**
 * Makes `npx proviso` and `npx proviso-runtime` work in a folder that has the packages; does nothing where they do already.
 * @param {string} root
 */
export function linkCommand(root) {
  const bin = path.join(root, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, program] of Object.entries(COMMANDS)) linkOne(bin, name, program);
}

/** @param {string} bin @param {string} name @param {string} program path from the root */
function linkOne(bin, name, program) {
  const windows = process.platform === "win32";
  const link = path.join(bin, windows ? `${name}.cmd` : name);
  if (existsSync(link)) return;
  if (windows) {
    // Without the first, npx does not know the name; the second is what the shell runs.
    writeFileSync(path.join(bin, name), "");
    writeFileSync(link, `@node "%~dp0\\..\\..\\${program.replaceAll("/", "\\")}" %*\r\n`);
  } else {
    // A link into a folder that has moved is no file, but its name is taken.
    rmSync(link, { force: true });
    symlinkSync(`../../${program}`, link);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  linkCommand(fileURLToPath(new URL("..", import.meta.url)));
}
