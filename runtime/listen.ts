import type { Server } from "node:http";
import { createServer } from "node:net";

export const LOOPBACK = "127.0.0.1";
const RETRY_MS = 100;

/** @returns the port that is listened on. @throws the system's error, for example EADDRINUSE */
export function listen(server: Server | ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** Waits for a port that its last owner is about to let go. @throws after `limitMs` */
export async function listenPatiently(server: Server, port: number, limitMs: number): Promise<number> {
  const until = Date.now() + limitMs;
  for (;;) {
    try {
      return await listen(server, port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** The first port of a range that is neither taken by us nor by another program. @throws Error when there is none */
export async function freePort([from, to]: readonly [number, number], taken: ReadonlySet<number>): Promise<number> {
  for (let port = from; port <= to; port++) if (!taken.has(port) && (await isFree(port))) return port;
  throw new Error(`no free port between ${from} and ${to}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, port);
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
