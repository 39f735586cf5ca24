import { readdir, readFile } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";
import type { Hardware } from "@/lib/serving/load-curve";

/** What measurements of this process's machine say they were made on. */
export function thisMachine(): Hardware {
  const found = cpus();
  return {
    cpu: found[0]?.model.trim() || "unknown",
    cores: Math.max(1, found.length),
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
  };
}

/**
 * Processor seconds that all threads of a process have used, from /proc (schedstat, nanoseconds); null where there is none. Threads
 * that ended are not in it.
 */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  try {
    const threads = await readdir(`/proc/${pid}/task`);
    const used = await Promise.all(
      threads.map(async (thread) =>
        Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")).split(" ")[0]),
      ),
    );
    const sum = used.reduce((total, each) => total + each, 0) / 1e9;
    return Number.isFinite(sum) ? sum : null;
  } catch {
    return null; // no Linux, or it ended just now
  }
}
