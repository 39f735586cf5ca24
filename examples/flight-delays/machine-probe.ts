import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { MeasuredLatency } from "./contract";
import { FEATURES } from "./features";

const PORTION_MS = 50;
const PER_PORTION = 10;

/**
 * What a single-row request takes on this machine in its present state: v2 behind a bare HTTP server in this process, asked
 * at the rate of the replay (200 a second) for `seconds`. Measured by the client, so it is rather too long than too short.
 */
export async function measureMachine(model: string, seconds: number): Promise<MeasuredLatency> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", async () => {
      const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: number[] };
      const features = new Tensor("float32", Float32Array.from(data), [1, FEATURES.length]);
      const answer = await session.run({ features }, ["probabilities"]);
      res.end(JSON.stringify(Array.from(answer.probabilities?.data as Float32Array)));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  try {
    const latencies: number[] = [];
    const portions = Math.ceil((seconds * 1000) / PORTION_MS);
    for (let portion = 0; portion < portions; portion++) {
      const asked = Array.from({ length: PER_PORTION }, () => ask(agent, port));
      const [answered] = await Promise.all([Promise.all(asked), sleep(PORTION_MS)]);
      if (portion > 0) latencies.push(...answered); // the first requests pay for connecting and compiling
    }
    latencies.sort((a, b) => a - b);
    const rank = (q: number) => latencies[Math.ceil(q * latencies.length) - 1] ?? 0;
    return { p95: rank(0.95), p99: rank(0.99) };
  } finally {
    agent.destroy();
    server.close();
    await session.release();
  }
}

function ask(agent: Agent, port: number): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: "127.0.0.1", method: "POST" }, (res) => {
      res.resume();
      res.on("end", () => resolve(performance.now() - started));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify({ data: FEATURES.map((_, i) => i) }));
  });
}
