// Load and receivers of the journeys: clients of the product, on loopback.
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Inference, infer, ROW } from "./product";

export type Traffic = { stop(): Promise<{ readonly answered: number; readonly failed: readonly string[] }> };

function repeat(work: () => Promise<string | null>, pauseMs: number, lanes: number): Traffic {
  let isEnding = false;
  let answered = 0;
  const failed: string[] = [];
  const lane = async () => {
    while (!isEnding) {
      const problem = await work().catch((error: unknown) => String(error));
      if (problem === null) answered++;
      else if (!problem.startsWith("429 ")) failed.push(problem);
      await sleep(pauseMs);
    }
  };
  const running = Array.from({ length: lanes }, lane);
  return {
    stop: async () => {
      isEnding = true;
      await Promise.all(running);
      return { answered, failed };
    },
  };
}

const told = ({ status, body }: { status: number; body: unknown }) =>
  status === 200 ? null : `${status} ${JSON.stringify(body)}`;

/** Single rows, one after the other on each of four lanes. A 429 beyond the promised ceiling is neither an answer nor a failure. */
export function singles(inference: Inference): Traffic {
  return repeat(async () => told(await infer(inference)), 200, 4);
}

/** Batches of as many rows as a request may have. What becomes of them is not looked at: they are there to be in the way. */
export function batches(inference: Inference): Traffic {
  const rows = 256;
  const data = Array.from({ length: rows }, () => ROW).flat();
  const inputs = [{ name: "features", datatype: "FP32", shape: [rows, ROW.length], data }];
  return repeat(async () => told(await infer(inference, { inputs })), 50, 4);
}

/** Takes webhook messages and remembers their events. */
export async function alertReceiver(): Promise<{ url: string; events: string[]; close(): void }> {
  const events: string[] = [];
  const server = createServer((req, res) => {
    events.push(String(req.headers["x-proviso-event"]));
    req.resume().on("end", () => res.writeHead(204).end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, events, close: () => server.close() };
}
