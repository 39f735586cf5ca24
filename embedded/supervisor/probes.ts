// How the supervisor sees that a child serves. Each polls until it does, or until the signal says that the child ended.
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

const EVERY_MS = 50;

async function until(check: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await check())) await pause(EVERY_MS, undefined, { signal });
  signal.throwIfAborted();
}

/** Something listens on the loopback port. */
export function listens(port: number) {
  const check = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
  return (signal: AbortSignal) => until(check, signal);
}

/** An HTTP server answers, whatever it says. */
export function answers(url: string) {
  const check = (signal: AbortSignal) =>
    fetch(url, { redirect: "manual", signal }).then(
      async (response) => {
        await response.body?.cancel();
        return true;
      },
      () => false,
    );
  return (signal: AbortSignal) => until(() => check(signal), signal);
}

/** PostgreSQL takes connections. */
export function accepts(url: string) {
  const check = async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => undefined); // also when the server goes away right after
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  return (signal: AbortSignal) => until(check, signal);
}

/** For a process that serves nobody: it has lived for a while. */
export function lives(ms: number) {
  return async (signal: AbortSignal) => {
    await pause(ms, undefined, { signal });
  };
}
