import type { LoadStep } from "@/lib/serving/load-curve";

/** A report of another tool cannot be taken as a load curve; names the field that is at fault. */
export class ReportProblem extends Error {
  override readonly name = "ReportProblem";
  constructor(
    readonly field: string,
    reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
}

type Facts = {
  readonly offeredPerSecond: number;
  readonly achievedPerSecond: number;
  readonly seconds: number;
  readonly n: number;
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number | null;
};

/** A step as a report tells it: no intervals, no processor time, nothing of late sends. Latencies in milliseconds. */
export function reportedStep({ p50, p95, p99, max, ...rest }: Facts): LoadStep {
  return {
    ...rest,
    timeouts: 0,
    rejected: 0,
    latencyMs: { p50, p95, p99, p95High: null, p99High: null, max: max ?? p99 },
    cpuSecondsPer1000: null,
    lateSends: 0,
  };
}
