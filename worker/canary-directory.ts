import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const PREFIX = "proviso-canary-";

/** A fresh directory that names the process that made it. Removes what killed processes left behind. */
export async function canaryDirectory(): Promise<string> {
  await sweep(tmpdir());
  return mkdtemp(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
}

async function sweep(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split("-")[0]) : Number.NaN;
    if (Number.isInteger(owner) && !lives(owner)) await rm(path.join(root, name), { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
