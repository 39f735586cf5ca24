import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { freePort, isFree } from "@/embedded/free-port.mjs";
import { StartError } from "@/embedded/start-error.mjs";

const port = z.number().int().min(1).max(65_535);
const schema = z.object({
  postgres: port,
  clickhouse: port,
  supervisor: port,
  runtime: port,
  /** First and last port for endpoints: what clients call must not move between starts. */
  endpoints: z.tuple([port, port]),
});
export type Ports = z.output<typeof schema>;

const BLOCK = 110;
// Below the ports that Linux hands out to clients (32768 …), so that no connection sits on one by chance.
const FIRST = 21_000;
const BLOCKS = 100;

/** A block of ports of which none is in use: four for the processes, a hundred for endpoints. */
async function freeBlock(): Promise<Ports> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let at = 0; at < BLOCKS; at += 1) {
    const base = FIRST + ((start + at) % BLOCKS) * BLOCK;
    const all = await Promise.all(Array.from({ length: BLOCK }, (_, offset) => isFree(base + offset)));
    if (!all.every(Boolean)) continue;
    return {
      postgres: base,
      clickhouse: base + 1,
      supervisor: base + 2,
      runtime: base + 3,
      endpoints: [base + 10, base + BLOCK - 1],
    };
  }
  throw new StartError(`No ${BLOCK} ports in a row are free between ${FIRST} and ${FIRST + BLOCK * BLOCKS}.`);
}

function read(file: string): Ports | undefined {
  if (!existsSync(file)) return undefined;
  return schema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
}

const orAnother = async (port: number) => ((await isFree(port)) ? port : freePort());

/** The ports inside the machine: chosen once, kept in ports.json, and another one only when somebody else has taken it. */
export async function choosePorts(dataDir: string): Promise<Ports> {
  const file = path.join(dataDir, "ports.json");
  const kept = read(file) ?? (await freeBlock());
  const ports: Ports = {
    postgres: await orAnother(kept.postgres),
    clickhouse: await orAnother(kept.clickhouse),
    supervisor: await orAnother(kept.supervisor),
    runtime: await orAnother(kept.runtime),
    endpoints: kept.endpoints,
  };
  writeFileSync(file, `${JSON.stringify(ports, null, 2)}\n`, { mode: 0o600 });
  return ports;
}
