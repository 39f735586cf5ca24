// Processes that end with this one, also after kill -9 of it.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export type Command = readonly [command: string, args: readonly string[]];

let setpriv: boolean | undefined;

/** Linux sends `signal` to the command when its parent dies (util-linux setpriv). Must be the last wrapper before the command. */
export function tied(command: string, args: readonly string[], signal: "INT" | "TERM"): Command {
  setpriv ??= process.platform === "linux" && spawnSync("setpriv", ["--version"]).status === 0;
  return setpriv ? ["setpriv", ["--pdeathsig", signal, command, ...args]] : [command, args];
}

/** Node.js with a preload that ends it when its standard input (a pipe from the parent) ends: works on every system. */
export function nodeCommand(args: readonly string[]): Command {
  return tied(
    process.execPath,
    ["--require", fileURLToPath(new URL("tied-preload.cjs", import.meta.url)), ...args],
    "TERM",
  );
}
