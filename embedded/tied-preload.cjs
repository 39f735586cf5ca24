// Preload of supervised processes: standard input is a pipe from the supervisor, and its end means that the supervisor is gone.
const { fstatSync } = require("node:fs");
const { isMainThread } = require("node:worker_threads");

const PATIENCE_MS = 5_000;

function isPipe() {
  const found = fstatSync(0);
  return found.isFIFO() || found.isSocket();
}

// Only this process is tied: not its threads, nor what it forks with the same arguments.
if (isMainThread && isPipe()) {
  const own = process.execArgv.indexOf(__filename);
  if (own > 0) process.execArgv.splice(own - 1, 2);
  process.stdin.on("end", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
  });
  process.stdin.on("error", () => undefined);
  process.stdin.resume();
  // Waiting for the end must not keep a process that has nothing left to do.
  process.stdin.unref?.();
}
