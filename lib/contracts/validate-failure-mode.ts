import type { Clause, ContractDocument, FailureMode } from "@/lib/contracts/document";
import type { DocumentProblem } from "@/lib/contracts/document-problem";

const CASES = ["onError", "onTimeout", "onOverload"] as const;

/** What is wrong with what callers get when the model cannot answer. A contract without the section: nothing. */
export function failureModeProblems(document: ContractDocument): DocumentProblem[] {
  const { failureMode } = document;
  if (!failureMode) return [];
  return [
    ...standInProblems(failureMode, document),
    ...queueProblems(failureMode, document),
    ...batchingProblems(failureMode, document),
    ...breakerProblems(failureMode, document),
  ].map(({ path, message }) => ({ path: `failureMode.${path}`, message }));
}

function standInProblems(mode: FailureMode, { serving }: ContractDocument): DocumentProblem[] {
  const found = CASES.filter((each) => mode[each] === "fallback" && mode.fallback === null).map((path) => ({
    path,
    message: "the fixed response is chosen, and there is none: give its probability",
  }));
  if (mode.onTimeout === "error" || serving.deadlineMs !== null) return found;
  const message = "without a deadline nothing times out: set serving.deadlineMs, or let a timeout be an error";
  return [...found, { path: "onTimeout", message }];
}

function queueProblems({ queueRows }: FailureMode, { serving }: ContractDocument): DocumentProblem[] {
  if (queueRows >= serving.maxRows) return [];
  const message = `a request of ${serving.maxRows} rows is allowed and would never fit into a queue of ${queueRows}`;
  return [{ path: "queueRows", message }];
}

function batchingProblems({ batching, queueRows }: FailureMode, document: ContractDocument): DocumentProblem[] {
  if (!batching) return [];
  const found: DocumentProblem[] = [];
  const budget = latencyBudget(document);
  if (budget && batching.maxDelayMs >= budget.ms) {
    const message = `waiting up to ${batching.maxDelayMs} ms for a batch leaves no time within the ${budget.ms} ms of ${budget.of}`;
    found.push({ path: "batching.maxDelayMs", message });
  }
  if (batching.maxRows > queueRows) {
    const message = `a batch of ${batching.maxRows} rows never fills: at most ${queueRows} rows may wait`;
    found.push({ path: "batching.maxRows", message });
  }
  return found;
}

const latencies = ({ clauses }: ContractDocument): readonly Clause[] =>
  clauses.filter(({ kind }) => kind === "latency");

/** The shortest time that an answer may take, and what says so. */
function latencyBudget(document: ContractDocument): { readonly ms: number; readonly of: string } | null {
  const { deadlineMs } = document.serving;
  const limits = latencies(document).map(({ id, target }) => ({ ms: target, of: id }));
  if (deadlineMs !== null) limits.push({ ms: deadlineMs, of: "the deadline" });
  return limits.reduce<(typeof limits)[number] | null>((a, b) => (a && a.ms <= b.ms ? a : b), null);
}

function breakerProblems({ breaker }: FailureMode, document: ContractDocument): DocumentProblem[] {
  if (!breaker) return [];
  const found: DocumentProblem[] = [];
  const { deadlineMs } = document.serving;
  if (deadlineMs !== null && breaker.slowMs > deadlineMs) {
    const message = `no answer takes ${breaker.slowMs} ms: the deadline ends it after ${deadlineMs} ms`;
    found.push({ path: "breaker.slowMs", message });
  }
  const kept = latencies(document).find(({ target }) => breaker.slowMs < target);
  if (kept) {
    const message = `an answer after ${breaker.slowMs} ms keeps ${kept.id} (${kept.target} ms): it cannot count as slow`;
    found.push({ path: "breaker.slowMs", message });
  }
  const ceiling = document.clauses.find(({ metric }) => metric === "ceiling")?.target;
  if (ceiling !== undefined && breaker.minRequests > ceiling * breaker.windowSeconds) {
    const most = Math.floor(ceiling * breaker.windowSeconds);
    const message = `it never opens: at most ${most} requests come within ${breaker.windowSeconds} s below the ceiling`;
    found.push({ path: "breaker.minRequests", message });
  }
  return found;
}
