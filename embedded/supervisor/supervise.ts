import path from "node:path";
import pino from "pino";
import type { Options } from "@/embedded/options.mjs";
import { say } from "@/embedded/progress.mjs";
import type { ChildStatus } from "./child";
import { freeMb, openDataDir } from "./data-dir";
import { LogFile } from "./log-file";
import { forgetProcesses, writeProcesses } from "./processes";
import { endScripts } from "./run-script";
import { install, STOP_ORDER, startStack } from "./stack";
import { serveStatus } from "./status-server";
import { Supervisor } from "./supervisor";

/** For each of the three groups of `STOP_ORDER`: together below the 10 s that Ctrl-C may take. */
const STOP_WITHIN_MS = 3_000;
const DISK_EVERY_MS = 30_000;
const DISK_LOW_MB = 200;

/** Runs the one-machine set-up until a signal; resolves with the exit status. Throws StartError when it cannot start. */
export async function supervise(options: Options): Promise<number> {
  const floorMb = Number(process.env.PROVISO_MIN_FREE_MB ?? Number.NaN);
  const dataDir = await openDataDir({
    dir: options.dataDir,
    reset: options.reset,
    ...(Number.isFinite(floorMb) && { floorMb }),
  });
  writeProcesses(dataDir, []);
  const of = await install(dataDir, options.port);
  const logDir = path.join(dataDir, "logs");
  let ending = false;
  const onChange = (status: ChildStatus) => {
    writeProcesses(
      dataDir,
      supervisor.status().map(({ pid }) => pid),
    );
    log.info(status, `${status.name}: ${status.state}`);
    if (!ending && (status.state === "waiting" || (status.state === "stopped" && status.reason !== "finished"))) {
      say(`${status.name.padEnd(12)} ${status.state}: ${status.reason}`);
    }
  };
  const supervisor = new Supervisor({ logDir, onChange });
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    new LogFile(path.join(logDir, "supervisor.log")),
  );
  const startedAt = new Date().toISOString();
  const server = await serveStatus(of.ports.supervisor, of.secrets.supervisorToken, () => ({
    dataDir,
    startedAt,
    children: supervisor.status(),
  }));
  const stop = async () => {
    ending = true;
    endScripts();
    await supervisor.stop(STOP_ORDER, STOP_WITHIN_MS);
    server.close();
    forgetProcesses(dataDir);
  };
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (ending) supervisor.kill(); // asked twice
        resolve();
      });
    }
  });
  watchDisk(dataDir, log);
  try {
    await Promise.race([startStack(supervisor, of, options), signalled]);
    await signalled;
    say("stopping …");
    return 0;
  } finally {
    await stop();
  }
}

function watchDisk(dataDir: string, log: pino.Logger): void {
  let low = false;
  const timer = setInterval(() => {
    const free = freeMb(dataDir);
    if (free < DISK_LOW_MB && !low) {
      log.error({ freeMb: free }, "the disk is nearly full");
      say(`disk         only ${free} MB are free where the data is: make room now`);
    }
    low = free < DISK_LOW_MB;
  }, DISK_EVERY_MS);
  timer.unref();
}
