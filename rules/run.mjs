import { spawn } from "node:child_process";

/**
 * Runs a command and shows what it prints; resolves with its status and output.
 * @param {readonly [string, ...string[]]} command
 * @param {{ quiet?: boolean, env?: Record<string, string> }} [options] quiet: shown only if it fails
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function run(command, { quiet = false, env = {} } = {}) {
  const child = spawn(command[0], command.slice(1), {
    stdio: ["ignore", "pipe", "pipe"],
    // biome-ignore lint/style/noProcessEnv: commands get ours, and a little more
    env: { ...process.env, ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (!quiet) process.stdout.write(text);
    });
  }
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (quiet && code !== 0) process.stdout.write(output);
  return { code: code ?? 1, output };
}

/** @param {number} since from performance.now() */
export const elapsed = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
