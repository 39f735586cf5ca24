import { readFileSync } from "node:fs";
import path from "node:path";
import type { EndpointConfig, RevisionConfig } from "@/lib/inference/desired-state";
import { TestHost } from "@/runtime/test-host";
import { OpenLoad, type Sent } from "@/runtime/test-load";
import { ROOT } from "@/runtime/typescript-loader";
import { type BenchResult, option, rounded } from "./report";

/**
 * Rollbacks between two models of the example under an open-loop load, against a real host: seconds from the order on the host's
 * admin interface to the last byte of the first answer of the other revision. Reference: the same load without rollbacks, half of it
 * before and half after.
 */
const NAME = "bench";
/** Between the first answer of one revision and the order to go back to the other. */
const PAUSE_MS = 50;

export async function bench(args: readonly string[]): Promise<BenchResult> {
  const times = option(args, "times", 100);
  const perSecond = option(args, "rate", 200);
  const seconds = option(args, "seconds", 10);
  const host = new TestHost();
  await host.start();
  try {
    const pair = [exampleRevision(host, 1), exampleRevision(host, 2)] as const;
    const [first, second] = pair;
    await host.apply(host.config(NAME, 1, second, { warm: first }));
    const { url } = await host.endpoint(NAME, (s) => s.serving === second.revision && s.warm === first.revision);
    const features = first.inputs[0]?.features?.length ?? 0;
    const start = () =>
      new OpenLoad({
        url: `${url}/v2/models/${NAME}/infer`,
        token: host.signer.sign({ aud: NAME }),
        body: (id) => requestBody(id, features),
        perSecond,
      });
    await quiet(start(), 1); // warms both sides
    const before = await quiet(start(), seconds / 2);
    const load = start();
    const took = await rollBackAgainAndAgain(host, load, pair, times);
    const during = await load.stop();
    const after = await quiet(start(), seconds / 2);
    return report([...before, ...after], during, took);
  } finally {
    await host.close();
  }
}

async function quiet(load: OpenLoad, seconds: number): Promise<readonly Sent[]> {
  await pause(seconds * 1000);
  return load.stop();
}

type Pair = readonly [RevisionConfig, RevisionConfig];

/** @returns seconds of each */
async function rollBackAgainAndAgain(host: TestHost, load: OpenLoad, [a, b]: Pair, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const [serving, warm] = n % 2 === 0 ? [a, b] : [b, a];
    const config: EndpointConfig = host.config(NAME, n + 2, serving, { warm });
    const answered = load.next(({ status, version }) => status === 200 && version === serving.modelVersion);
    const start = performance.now();
    await host.apply(config);
    took.push(((await answered).ended - start) / 1000);
    await pause(PAUSE_MS);
  }
  return took;
}

function report(reference: readonly Sent[], during: readonly Sent[], took: readonly number[]): BenchResult {
  const failed = during.filter(({ status }) => status !== 200).length;
  const [alone, under] = [latencyMs(reference), latencyMs(during)];
  const secondsP99 = percentile(took, 0.99);
  return {
    table: [
      ["", "requests", "failed", "p50 ms", "p99 ms"],
      [
        "load alone",
        `${reference.length}`,
        `${reference.filter(({ status }) => status !== 200).length}`,
        ...alone.text,
      ],
      [`with ${took.length} rollbacks`, `${during.length}`, `${failed}`, ...under.text],
      ["rollback, s", "", "", percentile(took, 0.5).toFixed(4), `${secondsP99.toFixed(4)} (p99)`],
    ],
    result: { secondsP99: rounded(secondsP99, 4), failed, ratioP99: rounded(under.p99 / alone.p99) },
  };
}

function latencyMs(sent: readonly Sent[]) {
  const values = sent.map(({ due, ended }) => ended - due);
  const [p50, p99] = [percentile(values, 0.5), percentile(values, 0.99)];
  return { p99, text: [p50.toFixed(2), p99.toFixed(2)] };
}

/** Nearest rank. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.max(0, Math.ceil(sorted.length * share - 1e-9) - 1)] ?? Number.NaN;
}

function exampleRevision(host: TestHost, n: 1 | 2): RevisionConfig {
  const directory = path.join(ROOT, `examples/flight-delays/models/v${n}`);
  const declared = JSON.parse(readFileSync(path.join(directory, "model.json"), "utf8")) as Pick<
    RevisionConfig,
    "inputs" | "outputs"
  >;
  return host.revision(
    `${NAME}-r${n}`,
    { features: 1 },
    {
      ...{ inputs: declared.inputs, outputs: declared.outputs, modelVersion: `${n}` },
      model: host.store(readFileSync(path.join(directory, "model.onnx"))),
    },
  );
}

const requestBody = (id: string, features: number): string => {
  const data = Array.from({ length: features }, (_, k) => k + 0.5);
  return JSON.stringify({ id, inputs: [{ name: "features", datatype: "FP32", shape: [1, features], data }] });
};

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
