// npm run check: everything that can be known without running the product. Prints each step and its time.
import path from "node:path";
import { pathToFileURL } from "node:url";
// biome-ignore lint/plugin: plain Node.js does not know "@/"
import { generateClient, installPackages, ROOT } from "../embedded/setup.mjs";
import { elapsed, run } from "./run.mjs";

const bin = (/** @type {string} */ name) => path.join(ROOT, "node_modules/.bin", name);

/** @type {[name: string, command: [string, ...string[]]][]} */
const STEPS = [
  ["route types", [bin("next"), "typegen"]],
  ["types", [bin("tsc"), "--noEmit"]],
  [
    "format, lint, import rules",
    [bin("biome"), "ci", "--max-diagnostics=100", `--colors=${process.stdout.isTTY ? "force" : "off"}`, "."],
  ],
  ["unused code", [bin("knip")]],
  ["schema drift", [process.execPath, "--import", "tsx", "prisma/migrate.ts", "check"]],
  ["lockfile", [process.execPath, "rules/complete-lock.mjs", "--check"]],
];

/** Without a terminal, no colours. */
const PLAIN = process.stdout.isTTY ? {} : { NO_COLOR: "1" };

/** Runs all steps, also after one that fails; how many passed and failed. */
export async function check() {
  process.chdir(ROOT);
  await installPackages();
  await generateClient();
  const count = { passed: 0, failed: 0 };
  for (const [name, command] of STEPS) {
    const started = performance.now();
    const { code } = await run(command, { quiet: true, env: { NEXT_TELEMETRY_DISABLED: "1", ...PLAIN } });
    console.log(`${code === 0 ? "ok    " : "FAILED"} ${name.padEnd(28)} ${elapsed(started)}`);
    count[code === 0 ? "passed" : "failed"] += 1;
  }
  return count;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { failed } = await check();
  process.exit(failed === 0 ? 0 : 1);
}
