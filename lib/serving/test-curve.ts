import type { LoadCurve, LoadStep } from "@/lib/serving/load-curve";

/** A step in which every request was answered by the model, with a p99 in milliseconds. */
export function testStep(offeredPerSecond: number, p99: number, change: Partial<LoadStep> = {}): LoadStep {
  return {
    offeredPerSecond,
    achievedPerSecond: offeredPerSecond,
    seconds: 2,
    n: Math.round(2 * offeredPerSecond),
    errors: 0,
    timeouts: 0,
    rejected: 0,
    latencyMs: { p50: p99 / 4, p95: p99 / 2, p99, p95High: p99 / 2, p99High: p99, max: 2 * p99 },
    cpuSecondsPer1000: 0.5,
    lateSends: 0,
    ...change,
  };
}

/** A measured curve of the local target without a delay for batches: p99 1 ms at 25 requests/s up to 8 ms at 1600. For tests. */
export function testCurve(change: Partial<LoadCurve> = {}): LoadCurve {
  return {
    kind: "measured",
    tool: "proviso",
    runId: "00000000-0000-4000-8000-000000000001",
    target: "local",
    tier: "cpu",
    hardware: { cpu: "test", cores: 2, memoryBytes: 4 * 2 ** 30, os: "Linux" },
    versionDigest: "a".repeat(64),
    contractDigest: null,
    settings: { batching: null, queueRows: 4096, threadMode: "inline" },
    rowsPerRequest: 1,
    steps: [testStep(25, 1), testStep(100, 2), testStep(200, 4), testStep(400, 6), testStep(1600, 8)],
    knee: null,
    startedAt: "2026-11-01T00:00:00.000Z",
    endedAt: "2026-11-01T00:00:20.000Z",
    ...change,
  };
}

/** A curve whose model is too slow for 200 requests per second: the knee is at 100. For tests. */
export function slowCurve(change: Partial<LoadCurve> = {}): LoadCurve {
  return testCurve({
    steps: [
      testStep(25, 12),
      testStep(50, 14),
      testStep(100, 20, { cpuSecondsPer1000: 9 }),
      testStep(200, 75, { achievedPerSecond: 97, timeouts: 40, cpuSecondsPer1000: 9 }),
    ],
    knee: { perSecond: 100, reason: "Only 97 of 200 requests/s were answered." },
    ...change,
  });
}
