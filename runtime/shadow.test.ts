import { expect, test, vi } from "vitest";
import type { EventLog } from "./event-log";
import type { Lane } from "./lane";
import { Metrics } from "./metrics";
import { Shadow } from "./shadow";

test("a request that was on its way when its shadow was closed is not copied: the model is about to go", async () => {
  const run = vi.fn(() => Promise.reject(new Error("closed")));
  const lane = { revision: { shape: { features: ["hour"] }, model: { run } } } as unknown as Lane;
  const metrics = new Metrics();
  const shadow = new Shadow(lane, () => null, {} as EventLog, metrics);
  shadow.close();
  const facts = {
    client: "c",
    source: "live",
    id: "r",
    rows: 1,
    receivedAt: 0,
    eventTime: null,
    featureTime: null,
  } as const;
  shadow.keep(facts, new Float32Array(1), 0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(run).not.toHaveBeenCalled();
  expect(metrics.copies).toEqual({ given: 0, dropped: 1 });
});
