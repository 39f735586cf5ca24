import { run } from "./run.mjs";

/** @typedef {{ passed?: number, failed?: number, skipped?: number }} Count */

/**
 * Runs some of the projects of vitest.config.ts; how many tests passed, failed and were skipped.
 * @param {readonly string[]} projects
 * @param {Record<string, string>} [env]
 * @returns {Promise<Count>} an error without a failed test counts as one
 */
export async function vitest(projects, env = {}) {
  const chosen = projects.flatMap((project) => ["--project", project]);
  const { code, output } = await run([process.execPath, "node_modules/vitest/vitest.mjs", "run", ...chosen], { env });
  const found = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  if (!found) return { failed: 1 };
  const [passed = 0, failed = 0, skipped = 0] = found.slice(1).map((text) => Number(text ?? 0));
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1), skipped };
}
