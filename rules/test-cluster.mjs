// npm run test:cluster: the tests against a real Kubernetes control plane. With PROVISO_TEST_KUBECONFIG=FILE against that cluster, else
// against one that is built (Go, about 10 minutes the first time) and started here, without containers.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
// biome-ignore lint/plugin: plain Node.js does not know "@/"
import { buildCluster, PARTS, whyNot } from "../e2e/cluster/build.mjs";
// biome-ignore lint/plugin: plain Node.js does not know "@/"
import { installPackages, ROOT } from "../embedded/setup.mjs";
import { elapsed } from "./run.mjs";
import { vitest } from "./vitest.mjs";

/** What can be skipped where it cannot run: everything else needs what it gives. */
const OPTIONAL = new Set(["gateway"]);

/** Says loudly what did not run, why, and what would fix it. @param {string} what @param {string} reason */
const skip = (what, reason) => console.log(`\nSKIPPED ${what}: ${reason}\n`);

const filesOfTests = () =>
  readdirSync(path.join(ROOT, "e2e/cluster")).filter((name) => /\.cluster\.test\.ts$/.test(name));

/** @returns {Promise<import("./vitest.mjs").Count>} */
export async function clusterTests() {
  // biome-ignore lint/style/noProcessEnv: where the caller's cluster is
  const given = process.env.PROVISO_TEST_KUBECONFIG;
  if (given) return await vitest(["cluster"], { PROVISO_TEST_KUBECONFIG: path.resolve(given) });
  const missing = PARTS.map((part) => ({ part, reason: whyNot(part) })).filter(({ reason }) => reason);
  const needed = missing.find(({ part }) => !OPTIONAL.has(part));
  if (needed) {
    skip("the tests of Kubernetes", `${needed.reason}; or name a cluster in PROVISO_TEST_KUBECONFIG`);
    return { skipped: filesOfTests().length };
  }
  for (const { part, reason = "" } of missing) skip(`the tests of the ${part}`, reason);
  const parts = PARTS.filter((part) => missing.every((each) => each.part !== part));
  const bin = await buildCluster(parts);
  const cluster = startCluster(["--bin", bin, ...(parts.includes("gateway") ? ["--gateway"] : [])]);
  try {
    return await vitest(["cluster"], { PROVISO_TEST_KUBECONFIG: await cluster.kubeconfig });
  } finally {
    await cluster.stop();
  }
}

/**
 * A cluster in a process of its own, which ends with this one.
 * @param {readonly string[]} options of e2e/cluster/up.ts
 */
function startCluster(options) {
  const tied = path.join(ROOT, "embedded/tied-preload.cjs");
  const up = path.join(ROOT, "e2e/cluster/up.ts");
  const child = spawn(process.execPath, ["--require", tied, "--import", "tsx", up, ...options], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = new Promise((resolve) => child.once("close", resolve));
  /** @type {Promise<string>} */
  const kubeconfig = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("KUBECONFIG=")) resolve(line.slice("KUBECONFIG=".length));
    });
    void gone.then((code) => reject(new Error(`the cluster did not start (${code}): see above`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await gone;
  };
  return { kubeconfig, stop };
}

/**
 * Starts to build what the tests of the cluster need, beside everything else and at the lowest priority.
 * @returns {{ log: string, ended: Promise<unknown> }} `ended` also when it failed: the tests then build again, and say why
 */
export function buildInBackground() {
  const log = path.join(mkdtempSync(path.join(tmpdir(), "proviso-cluster-build-")), "log");
  const output = openSync(log, "w");
  const child = spawn(process.execPath, [path.join(ROOT, "e2e/cluster/build.mjs")], {
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  process.once("exit", () => child.kill());
  return { log, ended: new Promise((resolve) => child.once("error", resolve).once("close", resolve)) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.chdir(ROOT);
  await installPackages();
  const started = performance.now();
  const { passed = 0, failed = 0, skipped = 0 } = await clusterTests();
  console.log(`\ntests of Kubernetes: ${elapsed(started)}`);
  console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed === 0 ? 0 : 1;
}
