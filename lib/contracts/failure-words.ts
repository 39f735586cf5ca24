import type { ContractDocument, FailureMode, StandIn } from "@/lib/contracts/document";
import { formatCount, formatDuration, formatNumber, formatPercent } from "@/lib/format";

/** What a runtime does for a contract that states no failure mode. */
export const NO_FAILURE_MODE: FailureMode = {
  onError: "error",
  onTimeout: "error",
  onOverload: "error",
  fallback: null,
  breaker: null,
  queueRows: 4096,
  perClient: null,
  batching: null,
};

export const STAND_IN_WORDS: Readonly<Record<StandIn, string>> = {
  error: "an error",
  fallback: "the fixed response",
  previous_revision: "the previous revision",
};

export type FailureLine = {
  readonly part: keyof FailureMode;
  /** "The model fails" */
  readonly name: string;
  /** "the previous revision" */
  readonly words: string;
};

/**
 * What callers get when the model cannot answer, a line for each part: for the contract, the plan, a decision and the editor alike.
 * A contract without the section is what the runtime does then.
 */
export function failureLines({ failureMode = NO_FAILURE_MODE }: Pick<ContractDocument, "failureMode">): FailureLine[] {
  const { onError, onTimeout, onOverload, fallback, queueRows } = failureMode;
  return [
    { part: "onError", name: "The model fails", words: STAND_IN_WORDS[onError] },
    { part: "onTimeout", name: "The deadline passes", words: STAND_IN_WORDS[onTimeout] },
    { part: "onOverload", name: "Queue full or circuit breaker open", words: STAND_IN_WORDS[onOverload] },
    {
      part: "fallback",
      name: "Fixed response",
      words: fallback ? `probability ${formatNumber(fallback.score)} for every row, flagged as a fallback` : "none",
    },
    { part: "breaker", name: "Circuit breaker", words: breakerWords(failureMode) },
    { part: "queueRows", name: "Queue", words: `${formatCount(queueRows)} rows may wait for the model` },
    { part: "perClient", name: "Limit of each client", words: clientWords(failureMode) },
    { part: "batching", name: "Batches", words: batchWords(failureMode) },
  ];
}

/** The same in one sentence, for where there is one line only. */
export function failureSentence(document: Pick<ContractDocument, "failureMode">): string {
  const lines = failureLines(document);
  const said = (part: FailureLine["part"]) => lines.find((line) => line.part === part)?.words ?? "";
  const { breaker, batching, perClient } = document.failureMode ?? NO_FAILURE_MODE;
  const rest = [
    said("queueRows"),
    breaker && "a circuit breaker",
    perClient && `each client ${said("perClient")}`,
    batching && `batches of ${said("batching")}`,
  ];
  return (
    `When the model fails callers get ${said("onError")}, after the deadline ${said("onTimeout")}, under overload ${said("onOverload")}; ` +
    `${rest.filter(Boolean).join(", ")}.`
  );
}

function breakerWords({ breaker }: FailureMode): string {
  if (!breaker) return "none";
  const { errorRatio, slowMs, slowRatio, minRequests, windowSeconds, openSeconds } = breaker;
  const time = (seconds: number) => formatDuration(seconds * 1000);
  return (
    `opens for ${time(openSeconds)} when of at least ${formatCount(minRequests)} requests in ${time(windowSeconds)} ` +
    `${formatPercent(errorRatio)} failed or ${formatPercent(slowRatio)} took longer than ${formatDuration(slowMs)}`
  );
}

function clientWords({ perClient }: FailureMode): string {
  if (!perClient) return "none";
  return `${formatNumber(perClient.requestsPerSecond)} requests/s, ${formatCount(perClient.burst)} at once; beyond that 429`;
}

function batchWords({ batching }: FailureMode): string {
  if (!batching) return "only what waits already runs together";
  return `up to ${formatCount(batching.maxRows)} rows that arrive within ${formatDuration(batching.maxDelayMs)}`;
}
