import type { LoadStep } from "@/lib/serving/load-curve";
import { ReportProblem, reportedStep } from "@/lib/serving/load-report";

const RATE = "Request Rate";
const CONCURRENCY = "Concurrency";
const THROUGHPUT = "Inferences/Second";

/**
 * The steps of a perf_analyzer CSV (`-f`), latencies in microseconds there. In request-rate mode the rate is what was offered; in
 * concurrency mode the client waits for the server, so what was answered is all that was offered. Inferences are requests times the
 * batch (`rowsPerRequest`), which the file does not tell. Throws `ReportProblem` naming line and column.
 */
export function readPerfAnalyzer(content: string, rowsPerRequest: number): LoadStep[] {
  const [head, ...lines] = content.replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = (head ?? "").split(",").map((name) => name.trim());
  const mode = [RATE, CONCURRENCY].find((name) => names.includes(name));
  if (!mode)
    throw new ReportProblem("line 1", `has neither the column ${CONCURRENCY} nor ${RATE}: is it the CSV of -f?`);
  for (const name of [THROUGHPUT, "p50 latency", "p95 latency", "p99 latency"]) {
    if (!names.includes(name)) throw new ReportProblem("line 1", `has no column ${name}`);
  }
  const rows = lines.map((line, index) => ({ line, number: index + 2 })).filter(({ line }) => line.trim() !== "");
  if (rows.length === 0) throw new ReportProblem("line 2", "is missing: the file has no measurement");
  if (rows.length > 100) throw new ReportProblem("line 102", "is one too many: at most 100 measurements");
  const steps = rows.map(({ line, number }) => {
    const cells = line.split(",");
    const at = (name: string) => numberOf(cells[names.indexOf(name)], `line ${number}, column ${name}`);
    const achieved = at(THROUGHPUT) / rowsPerRequest;
    if (achieved <= 0) throw new ReportProblem(`line ${number}, column ${THROUGHPUT}`, "is 0: nothing was answered");
    return reportedStep({
      offeredPerSecond: mode === RATE ? at(RATE) : achieved,
      achievedPerSecond: achieved,
      seconds: 0,
      n: 0,
      errors: 0,
      p50: at("p50 latency") / 1000,
      p95: at("p95 latency") / 1000,
      p99: at("p99 latency") / 1000,
      max: null,
    });
  });
  return steps.sort((a, b) => a.offeredPerSecond - b.offeredPerSecond);
}

function numberOf(cell: string | undefined, field: string): number {
  const value = cell === undefined || cell.trim() === "" ? Number.NaN : Number(cell);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new ReportProblem(
    field,
    cell === undefined ? "is missing" : `${JSON.stringify(cell)} is no number of at least 0`,
  );
}
