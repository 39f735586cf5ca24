// npm test: set-up if needed, checks, unit and database tests, build, journeys in a browser; with --cluster, as continuous integration
// does, also the tests of Kubernetes, whose programs are built meanwhile. The last line counts all of them:
// N passed, N failed[, N skipped]. A part that cannot run counts as failed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
// biome-ignore lint/plugin: plain Node.js does not know "@/"
import { buildPortal, ROOT, requireNode } from "../embedded/setup.mjs";
import { check } from "./check.mjs";
import { elapsed, run } from "./run.mjs";
import { buildInBackground, clusterTests } from "./test-cluster.mjs";
import { vitest } from "./vitest.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };

/** @param {import("./vitest.mjs").Count} count */
function add({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/**
 * One part of the run: an error, or a status other than 0 without a failed test, counts as one failure.
 * @param {string} name
 * @param {() => Promise<import("./vitest.mjs").Count>} work
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

async function build() {
  await buildPortal();
  return { passed: 1 };
}

/** Journeys measure latency: nothing may be built beside them. @param {{ ended: Promise<unknown> }} clusterBuild */
async function rest(clusterBuild) {
  await clusterBuild.ended;
  return {};
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
const clusterBuild = process.argv.includes("--cluster") ? buildInBackground() : undefined;
if (clusterBuild) console.log(`The programs of the Kubernetes tests are built meanwhile: ${clusterBuild.log}`);
await part("checks", check);
await part("unit and database tests", () => vitest(["unit", "db"]));
await part("build", build);
if (clusterBuild) await part("rest of the Kubernetes programs", () => rest(clusterBuild));
if (hasJourneys()) await part("journeys", journeys);
if (clusterBuild) await part("Kubernetes", clusterTests);
else console.log("\nNot part of this run: the tests of Kubernetes (npm run test:cluster)");
const skipped = total.skipped ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;
