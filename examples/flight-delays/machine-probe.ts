import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { MeasuredLatency } from "./contract";
import { FEATURES } from "./features";

/** The replay asks about 170 single rows a second. */
const PAUSE_MS = 5;
/** The first requests pay for connecting and compiling. */
const WARM_UP = 40;

/**
 * What a single-row request takes on this machine in its present state: v2 behind a bare HTTP server in this process, asked
 * at the rate of the replay for `seconds`. Counted as the product counts it: from the head of the request to the answer.
 */
export async function measureMachine(model: string, seconds: number): Promise<MeasuredLatency> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
  const latencies: number[] = [];
  const server = createServer(async (req, res) => {
    const started = performance.now();
    const { data } = JSON.parse(await text(req)) as { data: number[] };
    const features = new Tensor("float32", Float32Array.from(data), [1, FEATURES.length]);
    const answer = await session.run({ features }, ["probabilities"]);
    const body = JSON.stringify(Array.from(answer.probabilities?.data as Float32Array));
    latencies.push(performance.now() - started);
    res.end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  try {
    const asked: Promise<void>[] = [];
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      asked.push(ask(agent, typeof address === "object" && address ? address.port : 0));
      await sleep(PAUSE_MS);
    }
    await Promise.all(asked);
    const measured = latencies.slice(WARM_UP).sort((a, b) => a - b);
    const rank = (q: number) => measured[Math.ceil(q * measured.length) - 1] ?? 0;
    return { p95: rank(0.95), p99: rank(0.99) };
  } finally {
    agent.destroy();
    server.close();
    await session.release();
  }
}

async function text(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function ask(agent: Agent, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: "127.0.0.1", method: "POST" }, (res) => {
      res.resume();
      res.on("end", () => resolve());
    });
    sent.on("error", reject);
    sent.end(JSON.stringify({ data: FEATURES.map((_, i) => i) }));
  });
}
