import { spawn } from "node:child_process";
import path from "node:path";
import type { FromGenerator, LoadOrder, LoadResult, LoadTarget, ToGenerator } from "./load-messages";

const ROOT = path.dirname(import.meta.dirname);
const PATIENCE_MS = 30_000;

export type LoadGenerator = {
  /** Offers a load and tells what became of every request. One at a time. */
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): Promise<void>;
};

/** Starts the generator's process; it ends with this one, whatever ends that. */
export async function startGenerator(target: LoadTarget): Promise<LoadGenerator> {
  const child = spawn(process.execPath, ["--import", "tsx", path.join(ROOT, "worker/load-generator-main.ts")], {
    cwd: ROOT,
    env: { NODE_ENV: "production", PATH: "/usr/local/bin:/usr/bin:/bin" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    if (complaint.length < 4000) complaint += chunk.toString();
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));

  function ask<T extends FromGenerator["type"]>(
    message: ToGenerator,
    wanted: T,
    limitMs: number,
  ): Promise<Extract<FromGenerator, { type: T }>> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        settle(() => reject(new Error(`the load generator ${why}: ${complaint.slice(-1000)}`)));
      const timer = setTimeout(() => fail(`was silent for ${limitMs} ms`), limitMs);
      const onMessage = (answer: FromGenerator) => {
        if (answer.type === wanted) settle(() => resolve(answer as Extract<FromGenerator, { type: T }>));
      };
      const onClose = () => fail("ended");
      const settle = (then: () => void) => {
        clearTimeout(timer);
        child.off("message", onMessage).off("close", onClose);
        then();
      };
      child.on("message", onMessage).once("close", onClose);
      child.send(message, (error) => error && fail("cannot be reached"));
    });
  }

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await gone;
  }

  try {
    await ask({ type: "target", target }, "ready", PATIENCE_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    run: async (order) =>
      (await ask({ type: "run", order }, "done", PATIENCE_MS + order.seconds * 1000 + order.graceMs)).result,
    stop,
  };
}
