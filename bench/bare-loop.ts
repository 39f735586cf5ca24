// The reference of the serving benchmark: the least that node:http and ONNX Runtime can do for the same answer. No token, no ceiling,
// no events, no checks. Arguments: ONNX file, number of features. Prints its port.
import { createServer } from "node:http";
import * as ort from "onnxruntime-node";

const [file = "", features = "0"] = process.argv.slice(2);
const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });

async function answer(body: string): Promise<string> {
  const request = JSON.parse(body) as { id: string; inputs: [{ data: number[]; shape: [number, number] }] };
  const [input] = request.inputs;
  const feeds = {
    features: new ort.Tensor("float32", Float32Array.from(input.data), [input.shape[0], Number(features)]),
  };
  const output = (await session.run(feeds, ["probabilities"])).probabilities;
  return JSON.stringify({
    model_name: "bench",
    model_version: "1",
    id: request.id,
    outputs: [
      { name: "probabilities", datatype: "FP32", shape: output?.dims, data: Array.from(output?.data as Float32Array) },
    ],
  });
}

const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on("data", (chunk: Buffer) => chunks.push(chunk));
  req.on("end", async () => {
    const body = await answer(Buffer.concat(chunks).toString("utf8"));
    res.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" && address ? address.port : 0}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();
