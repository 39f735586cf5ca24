import { clauseName } from "@/lib/contracts/clause-words";
import type { Clause } from "@/lib/contracts/document";
import { formatDuration } from "@/lib/format";
import { howMeasured } from "@/lib/monitoring/how-measured";
import { clauseStateName, type LedgerClause } from "@/lib/monitoring/schema";

/** The last evaluation of a clause, as stored. */
export type StoredState = {
  readonly state: string;
  readonly reason: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: bigint;
  readonly windowFrom: Date | null;
  readonly windowTo: Date | null;
  readonly asOf: Date | null;
  readonly evaluatedAt: Date;
  readonly since: Date;
};

export type SparkPoint = LedgerClause["spark"][number];

/** Evaluations come every five seconds; after so long without one the last says nothing any more. */
const STALE_MS = 30_000;

/** A line of the ledger. Without an evaluation, or with one that is too old, the clause is unproven, and `why` or its age says so. */
export function ledgerRow(
  clause: Clause,
  stored: StoredState | undefined,
  more: {
    readonly why: string;
    readonly breachOpenedAt: Date | null;
    readonly spark: readonly SparkPoint[];
    readonly now: number;
  },
): LedgerClause {
  const age = stored ? more.now - stored.evaluatedAt.getTime() : 0;
  const stale = age > STALE_MS ? `not evaluated for ${formatDuration(Math.floor(age / 1000) * 1000)}` : null;
  const { state, reason } = stored && stale === null ? stored : { state: "unproven", reason: stale ?? more.why };
  const iso = (date: Date | null | undefined) => date?.toISOString() ?? null;
  return {
    id: clause.id,
    kind: clause.kind,
    metric: clause.metric,
    name: clauseName(clause),
    direction: clause.direction,
    target: clause.target,
    atRisk: clause.atRisk,
    unit: clause.unit,
    value: stored?.value ?? null,
    low: stored?.low ?? null,
    high: stored?.high ?? null,
    n: Number(stored?.n ?? 0),
    minSamples: clause.minSamples,
    window: {
      seconds: clause.windowSeconds,
      clock: clause.clock,
      from: iso(stored?.windowFrom),
      to: iso(stored?.windowTo),
    },
    state: clauseStateName.parse(state),
    reason,
    asOf: iso(stored?.asOf),
    evaluatedAt: iso(stored?.evaluatedAt),
    since: iso(stored?.since),
    breachOpenedAt: iso(more.breachOpenedAt),
    howMeasured: howMeasured(clause),
    spark: [...more.spark],
  };
}
