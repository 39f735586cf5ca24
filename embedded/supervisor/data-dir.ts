import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { StartError } from "@/embedded/start-error.mjs";
import { claim } from "./processes";

/** Grows when data on disk changes in a way that migrations do not carry over. */
const DATA_FORMAT = 1;
/** Free space in MB without which nothing is started: PostgreSQL and ClickHouse do not recover nicely from a full disk. */
const FLOOR_MB = 512;

/** A path as a person would type it. */
export function shown(file: string): string {
  const near = path.relative(process.cwd(), file);
  return near.startsWith("..") ? file : near || ".";
}

function formatOf(dir: string): number | undefined {
  const file = path.join(dir, "VERSION");
  return existsSync(file) ? Number(readFileSync(file, "utf8").trim()) : undefined;
}

/** Megabytes free where the folder is. */
export function freeMb(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return Math.floor((bavail * bsize) / 1e6);
}

function checkFormat(dir: string): void {
  const format = formatOf(dir);
  if (format === undefined && readdirSync(dir).length > 0) {
    throw new StartError(`${shown(dir)} holds files that are not Proviso's: choose another folder with --data-dir.`);
  }
  if (format !== undefined && format !== DATA_FORMAT) {
    throw new StartError(
      `The data in ${shown(dir)} has format ${format}, this version reads format ${DATA_FORMAT}: start the version that made it, or begin anew with --reset.`,
    );
  }
}

/** Deletes a data folder, and only one: it must hold our VERSION file. */
async function reset(dir: string): Promise<void> {
  if (!existsSync(dir) || readdirSync(dir).length === 0) return;
  if (formatOf(dir) === undefined) {
    throw new StartError(`--reset deletes data folders of Proviso only, and ${shown(dir)} has no VERSION file.`);
  }
  await claim(dir);
  rmSync(dir, { recursive: true });
}

/** Makes the folder (mode 700) or checks it: format, nobody else in it, room. Throws StartError with what to do. */
export async function openDataDir(options: {
  readonly dir: string;
  readonly reset?: boolean;
  readonly floorMb?: number;
}): Promise<string> {
  const dir = path.resolve(options.dir);
  const floor = options.floorMb ?? FLOOR_MB;
  if (options.reset) await reset(dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  checkFormat(dir);
  await claim(dir);
  const free = freeMb(dir);
  if (free < floor) {
    throw new StartError(
      `The disk of ${shown(dir)} is full: ${free} MB are free and ${floor} MB are needed; make room, or choose another folder with --data-dir.`,
    );
  }
  writeFileSync(path.join(dir, "VERSION"), `${DATA_FORMAT}\n`);
  return dir;
}
