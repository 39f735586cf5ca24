import { run } from "./run";

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
  input: process.stdin.isTTY ? null : process.stdin,
  signal: interrupt.signal,
});
