import { describe, expect, test } from "vitest";
import { readK6 } from "./import-k6";
import { readPerfAnalyzer } from "./import-perf-analyzer";
import { ReportProblem } from "./load-report";

const trend = { avg: 4, min: 1, med: 3, max: 40, "p(90)": 6, "p(95)": 8, "p(99)": 20 };
const exported = {
  metrics: {
    http_req_duration: trend,
    http_reqs: { count: 6000, rate: 200 },
    http_req_failed: { passes: 60, fails: 5940, value: 0.01 },
    dropped_iterations: { count: 300, rate: 10 },
  },
  root_group: {},
};
const handled = {
  metrics: {
    http_req_duration: { type: "trend", contains: "time", values: trend },
    http_reqs: { type: "counter", contains: "default", values: { count: 6000, rate: 200 } },
    http_req_failed: { type: "rate", contains: "default", values: { rate: 0.01, passes: 60, fails: 5940 } },
    dropped_iterations: { type: "counter", contains: "default", values: { count: 300, rate: 10 } },
  },
  state: { testRunDurationMs: 30_000 },
};

/** The field at fault; fails when the report is taken. */
function fault(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ReportProblem) return error.message;
    throw error;
  }
  throw new Error("was taken");
}

describe("a k6 summary", () => {
  test.each([
    ["--summary-export", exported],
    ["handleSummary", handled],
  ])("of %s is one step; what was dropped was offered too", (_, report) => {
    expect(readK6(JSON.stringify(report))).toEqual([
      {
        offeredPerSecond: 210,
        achievedPerSecond: 198,
        seconds: 30,
        n: 6000,
        errors: 60,
        timeouts: 0,
        rejected: 0,
        latencyMs: { p50: 3, p95: 8, p99: 20, p95High: null, p99High: null, max: 40 },
        cpuSecondsPer1000: null,
        lateSends: 0,
      },
    ]);
  });

  test("without p(99), as k6 makes it by default, is refused with the option that it needs", () => {
    const { "p(99)": _, ...rest } = trend;
    const report = { metrics: { ...exported.metrics, http_req_duration: rest } };
    expect(fault(() => readK6(JSON.stringify(report)))).toMatch(
      /^metrics\.http_req_duration\.p\(99\): is missing.*--summary-trend-stats/,
    );
  });

  test.each([
    ["text", "running (0m30s)", "content"],
    ["a list", "[]", "content"],
    ["no metrics", "{}", "metrics"],
    [
      "no requests",
      JSON.stringify({ metrics: { ...exported.metrics, http_reqs: { count: 0, rate: 0 } } }),
      "metrics.http_reqs",
    ],
    [
      "a word for a number",
      JSON.stringify({ metrics: { ...exported.metrics, http_reqs: { count: "many", rate: 1 } } }),
      "metrics.http_reqs.count",
    ],
  ])("that is %s names the field", (_, content, field) => {
    expect(fault(() => readK6(content)).startsWith(`${field}:`)).toBe(true);
  });
});

const HEAD =
  "Inferences/Second,Client Send,Network+Server Send/Recv,Server Queue,Server Compute Input,Server Compute Infer,Server Compute Output,Client Recv,p50 latency,p90 latency,p95 latency,p99 latency";

describe("a perf_analyzer CSV", () => {
  test("in concurrency mode: what was answered is what was offered; microseconds become milliseconds", () => {
    const csv = `Concurrency,${HEAD}\n2,800,1,2,3,4,5,6,7,2100,2500,2700,3300\n1,500,1,2,3,4,5,6,7,1900,2000,2200,2600\n`;
    expect(readPerfAnalyzer(csv, 1)).toMatchObject([
      { offeredPerSecond: 500, achievedPerSecond: 500, n: 0, latencyMs: { p50: 1.9, p95: 2.2, p99: 2.6 } },
      { offeredPerSecond: 800, latencyMs: { p99: 3.3 } },
    ]);
  });

  test("in request-rate mode: the rate was offered; inferences are divided by the batch", () => {
    const csv = `Request Rate,${HEAD}\r\n100,760,1,2,3,4,5,6,7,2100,2500,2700,3300\r\n`;
    expect(readPerfAnalyzer(csv, 8)).toMatchObject([{ offeredPerSecond: 100, achievedPerSecond: 95 }]);
  });

  test.each([
    ["another table", "a,b\n1,2", "line 1"],
    [
      "a missing percentile",
      "Concurrency,Inferences/Second,p50 latency,p95 latency\n1,2,3,4",
      "line 1: has no column p99 latency",
    ],
    ["no measurement", `Concurrency,${HEAD}\n`, "line 2"],
    ["a word for a number", `Concurrency,${HEAD}\n1,many,1,2,3,4,5,6,7,1,2,3,4`, "line 2, column Inferences/Second"],
    ["a line that breaks off", `Concurrency,${HEAD}\n1,500`, "line 2, column p50 latency: is missing"],
  ])("that is %s names line and column", (_, csv, field) => {
    expect(fault(() => readPerfAnalyzer(csv, 1))).toContain(field);
  });
});
