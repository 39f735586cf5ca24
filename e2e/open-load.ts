// An open loop of single rows over loopback: it sends at a steady rate, whether answers come or not.
import { type Inference, infer } from "./product";

export type Answered = {
  /** Version of the model that answered. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};
export type OpenLoad = {
  readonly answers: readonly Answered[];
  /** Whatever was not a 200. */
  readonly failed: readonly string[];
  stop(): Promise<void>;
};

/** Flights of every kind, always in the same order: their predictions tell one model from another. */
function flights(): () => number[] {
  let state = 7;
  const between = (low: number, high: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return low + ((high - low) * state) / 2_147_483_647;
  };
  const late = () => between(0.05, 0.45);
  const usual = () => between(0.1, 0.35);
  return () => [
    ...[Math.floor(between(6, 22)), Math.floor(between(0, 7)), between(200, 1700), between(5, 35)],
    ...[late(), usual(), late(), between(3, 23), late(), between(3, 23), usual(), usual()],
  ];
}

export function openLoad(inference: Inference, perSecond: number): OpenLoad {
  const next = flights();
  const answers: Answered[] = [];
  const failed: string[] = [];
  const open = new Set<Promise<void>>();
  const send = async () => {
    const inputs = [{ name: "features", datatype: "FP32", shape: [1, 12], data: next() }];
    const { status, body } = await infer(inference, { inputs });
    if (status === 200) answers.push({ version: String(body.model_version), at: Date.now() });
    else failed.push(`${status} ${JSON.stringify(body)}`);
  };
  const timer = setInterval(() => {
    const sending = send()
      .catch((error: unknown) => void failed.push(String(error)))
      .finally(() => open.delete(sending));
    open.add(sending);
  }, 1000 / perSecond);
  return {
    answers,
    failed,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}
