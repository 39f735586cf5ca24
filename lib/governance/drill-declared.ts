import type { ContractDocument, FailureMode, StandIn } from "@/lib/contracts/document";
import { formatNumber } from "@/lib/format";
import type { Fault } from "./drill-report";

/** What became of a request in a drill. `refused`: 429 or 503; `failed`: another error, a broken connection, or no answer. */
export type DrillOutcome = "model" | "fallback" | "secondary" | "refused" | "timeout" | "failed";

/** How long a copy may take to come back after its process was killed, in milliseconds. */
export const BACK_WITHIN_MS = 15_000;

export type Declared = {
  readonly words: string;
  /** What a request that meets the fault may become; empty: the fault stands for an absence, and only the return counts. */
  readonly expected: readonly DrillOutcome[];
  /** Milliseconds from the end of the fault within which the model answers again. */
  readonly backWithinMs: number;
  /** Stand-ins have to be there within so many milliseconds; null: no deadline. */
  readonly withinMs: number | null;
};

type Asked = { readonly document: ContractDocument; readonly hasPrevious: boolean };

const NOTHING: Pick<FailureMode, "onError" | "onTimeout" | "onOverload" | "fallback" | "breaker"> = {
  onError: "error",
  onTimeout: "error",
  onOverload: "error",
  fallback: null,
  breaker: null,
};

/** The faults that a contract says something about, in the order in which they are drilled. */
export function faultsOf({ serving }: ContractDocument): readonly Fault[] {
  const late: readonly Fault[] = serving.deadlineMs === null ? [] : ["slow", "hang"];
  return ["wrong", ...late, "overload", "kill"];
}

/** What a contract declares for a fault. One that names no failure mode declares errors. */
export function declaredFor(fault: Fault, { document, hasPrevious }: Asked): Declared {
  const mode = document.failureMode ?? NOTHING;
  const { deadlineMs } = document.serving;
  const openMs = (mode.breaker?.openSeconds ?? 0) * 1000;
  const backWithinMs = BACK_WITHIN_MS + openMs;
  if (fault === "kill") {
    const words = `the process is back within ${formatNumber(BACK_WITHIN_MS / 1000)} s, and no request fails after that`;
    return { words, expected: [], backWithinMs: BACK_WITHIN_MS, withinMs: null };
  }
  const asked = { fallback: mode.fallback, hasPrevious };
  const first = standInOf(fault, mode);
  const own = stepIn(first, causeOf(fault), asked);
  // The breaker opens after a while, and a queue that is full has requests whose deadline passes in it.
  const others = [
    ...(mode.breaker && fault !== "overload" ? [stepIn(mode.onOverload, "refused", asked)] : []),
    ...(fault === "overload" ? [stepIn(mode.onTimeout, "timeout", asked)] : []),
  ];
  const breaker = mode.breaker && fault !== "overload" && mode.onOverload !== first;
  const words = breaker ? `${own.words}; once the breaker is open, ${others[0]?.words}` : own.words;
  const expected = [...new Set([own.outcome, ...others.map(({ outcome }) => outcome)])];
  return { words, expected, backWithinMs, withinMs: deadlineMs };
}

function standInOf(fault: Fault, mode: typeof NOTHING): StandIn {
  if (fault === "wrong") return mode.onError;
  return fault === "overload" ? mode.onOverload : mode.onTimeout;
}

function causeOf(fault: Fault): DrillOutcome {
  if (fault === "wrong") return "failed";
  return fault === "overload" ? "refused" : "timeout";
}

type Means = { readonly fallback: FailureMode["fallback"]; readonly hasPrevious: boolean };

/** What stands in: the previous revision where there is one, then the fallback where there is one, then the error. */
function stepIn(standIn: StandIn, error: DrillOutcome, { fallback, hasPrevious }: Means) {
  const fixed = fallback && `the fallback ${formatNumber(fallback.score)}, flagged`;
  const refusal = { failed: "an error (500)", refused: "a refusal (503)", timeout: "an error at the deadline (504)" };
  const plain = { outcome: error, words: refusal[error as keyof typeof refusal] };
  if (standIn === "error") return plain;
  if (standIn === "previous_revision" && hasPrevious) {
    return { outcome: "secondary" as const, words: "the previous revision, flagged" };
  }
  const none = standIn === "previous_revision" ? "the previous revision (there is none yet): " : "";
  return fixed
    ? { outcome: "fallback" as const, words: `${none}${fixed}` }
    : { ...plain, words: `${none}${plain.words}` };
}
