// npm test: set-up if needed, checks, unit and database tests, build, journeys in a browser. The last line counts all of them:
// N passed, N failed[, N skipped]. A part that cannot run counts as failed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
// biome-ignore lint/plugin: plain Node.js does not know "@/"
import { buildPortal, ROOT, requireNode } from "../embedded/setup.mjs";
import { check } from "./check.mjs";
import { elapsed, run } from "./run.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };

/** @param {{ passed?: number, failed?: number, skipped?: number }} count */
function add({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/**
 * One part of the run: an error, or a status other than 0 without a failed test, counts as one failure.
 * @param {string} name
 * @param {() => Promise<{ passed?: number, failed?: number, skipped?: number }>} work
 */
async function part(name, work) {
  const started = performance.now();
  console.log(`\n== ${name}`);
  try {
    add(await work());
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    add({ failed: 1 });
  }
  console.log(`== ${name}: ${elapsed(started)}`);
}

async function vitest() {
  const { code, output } = await run([process.execPath, "node_modules/vitest/vitest.mjs", "run"]);
  const found = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  if (!found) return { failed: 1 };
  const [passed = 0, failed = 0, skipped = 0] = found.slice(1).map((text) => Number(text ?? 0));
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1), skipped };
}

async function build() {
  await buildPortal();
  return { passed: 1 };
}

const hasJourneys = () =>
  existsSync("e2e") && readdirSync("e2e", { recursive: true }).some((name) => /\.spec\.ts$/.test(String(name)));

/** Debian's browser where it can be had (root, apt), else Playwright's own. */
async function installBrowser() {
  if (existsSync("/usr/bin/chromium")) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    const packages = ["chromium", "fonts-liberation"];
    await run(["apt-get", "update", "-q"], { quiet: true, env });
    const { code } = await run(["apt-get", "install", "-qy", "--no-install-recommends", ...packages], {
      quiet: true,
      env,
    });
    if (code === 0) return;
  }
  const { code } = await run([process.execPath, "node_modules/@playwright/test/cli.js", "install", "chromium"]);
  if (code !== 0) throw new Error("No browser could be installed: the journeys did not run.");
}

async function journeys() {
  await installBrowser();
  const dir = mkdtempSync(path.join(tmpdir(), "proviso-e2e-"));
  const report = path.join(dir, "report.json");
  try {
    const { code } = await run(
      [process.execPath, "node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"],
      {
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, E2E_DATA_DIR: path.join(dir, "data") },
      },
    );
    if (!existsSync(report)) return { failed: 1 };
    const { stats, errors } = JSON.parse(readFileSync(report, "utf8"));
    const failed = stats.unexpected + stats.flaky + errors.length;
    return { passed: stats.expected, failed: code === 0 ? failed : Math.max(failed, 1), skipped: stats.skipped };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

requireNode();
process.chdir(ROOT);
await part("checks", check);
await part("unit and database tests", vitest);
await part("build", build);
if (hasJourneys()) await part("journeys", journeys);
const skipped = total.skipped ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;
