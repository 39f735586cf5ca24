import { logger } from "@/lib/logger";
import { withRequest } from "@/lib/request";
import type { Job } from "./job";

const LONGEST_PAUSE_MS = 15_000;

/** Milliseconds until the next round after `failures` failed ones in a row: doubled each time, at most 15 s or the job's own interval. */
export function pauseMs(everyMs: number, failures: number): number {
  return Math.min(everyMs * 2 ** Math.min(failures, 20), Math.max(everyMs, LONGEST_PAUSE_MS));
}

/** Runs a job until `signal` fires; resolves when its last round is over. A failed round is logged once per change of its reason. */
export async function loop(job: Job, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let lastReason: string | null = null;
  while (!signal.aborted) {
    try {
      await withRequest(undefined, () => job.run(signal));
      if (failures > 0) logger().info({ job: job.name, failures }, "job works again");
      failures = 0;
      lastReason = null;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== lastReason) logger().error({ job: job.name, failures, err: error }, "job failed");
      lastReason = reason;
    }
    await pause(pauseMs(job.everyMs, failures), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
