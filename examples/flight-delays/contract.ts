import type { ContractDocument } from "@/lib/contracts/document";

/** Milliseconds per single-row request. */
export type MeasuredLatency = { readonly p95: number; readonly p99: number };

/** A judgement, not a measurement: the endpoint shares the machine with batches, databases and portal, which the probe does not. */
const ROOM = 4;
const STEP_MS = 5;

/**
 * The contract with latency limits that hold on this machine: its own where four times the measured value stays within
 * them, else four times the measured value, rounded up to 5 ms. `changed` says in words what was changed.
 */
export function withLatency(
  document: ContractDocument,
  measured: MeasuredLatency,
): { document: ContractDocument; changed: string[] } {
  const changed: string[] = [];
  const clauses = document.clauses.map((clause) => {
    if (clause.metric !== "p95" && clause.metric !== "p99") return clause;
    const needed = measured[clause.metric] * ROOM;
    if (needed <= clause.target) return clause;
    const target = Math.ceil(needed / STEP_MS) * STEP_MS;
    const value = measured[clause.metric].toFixed(1);
    changed.push(
      `${clause.id}: ${target} ms instead of ${clause.target} ms (a bare server needs ${value} ms here, the endpoint up to ${ROOM} times that)`,
    );
    return { ...clause, target, atRisk: target * 0.8 };
  });
  const slowest = Math.max(...clauses.filter((c) => c.kind === "latency").map((c) => c.target));
  const { deadlineMs } = document.serving;
  // A deadline below the limit would cut off requests that the limit allows.
  const deadline = deadlineMs === null ? null : Math.max(deadlineMs, 4 * slowest);
  const { failureMode } = document;
  const breaker = failureMode?.breaker;
  // What a clause allows cannot count as slow.
  const slower = breaker && { ...failureMode, breaker: { ...breaker, slowMs: Math.max(breaker.slowMs, 2 * slowest) } };
  const serving = { ...document.serving, deadlineMs: deadline };
  return { document: { ...document, clauses, serving, ...(slower && { failureMode: slower }) }, changed };
}
