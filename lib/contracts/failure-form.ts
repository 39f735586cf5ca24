import type { FailureMode, StandIn } from "@/lib/contracts/document";
import { parseNumber, parsePercent, parseSeconds, percentText, secondsText } from "@/lib/contracts/form-values";

type TypedField =
  | "fallbackScore"
  | "errorRatio"
  | "slowMs"
  | "slowRatio"
  | "minRequests"
  | "breakerWindow"
  | "breakerOpen"
  | "queueRows"
  | "clientRate"
  | "clientBurst"
  | "batchRows"
  | "batchDelayMs";

/** The failure mode as it is typed. A part that is switched off keeps what was typed, and is left out of the document. */
export type FailureForm = Readonly<Record<TypedField, string>> &
  Readonly<Record<"onError" | "onTimeout" | "onOverload", StandIn>> & {
    /** Whether the contract states a failure mode at all. */
    readonly stated: boolean;
    readonly breaker: boolean;
    readonly perClient: boolean;
    readonly batching: boolean;
  };

/** What the fields of a part that is switched off begin with. */
const PARTS = {
  breaker: { errorRatio: 0.5, slowMs: 500, slowRatio: 0.8, minRequests: 20, windowSeconds: 10, openSeconds: 10 },
  perClient: { requestsPerSecond: 50, burst: 50 },
  batching: { maxRows: 32, maxDelayMs: 2 },
} as const;

/** The fields of a failure mode; `proposal` stands in the fields of a contract that states none. */
export function toFailureForm(stated: FailureMode | undefined, proposal: FailureMode): FailureForm {
  const mode = stated ?? proposal;
  const breaker = mode.breaker ?? proposal.breaker ?? PARTS.breaker;
  const perClient = mode.perClient ?? PARTS.perClient;
  const batching = mode.batching ?? PARTS.batching;
  return {
    stated: stated !== undefined,
    onError: mode.onError,
    onTimeout: mode.onTimeout,
    onOverload: mode.onOverload,
    fallbackScore: mode.fallback ? String(mode.fallback.score) : "",
    breaker: mode.breaker !== null,
    errorRatio: percentText(breaker.errorRatio),
    slowMs: String(breaker.slowMs),
    slowRatio: percentText(breaker.slowRatio),
    minRequests: String(breaker.minRequests),
    breakerWindow: secondsText(breaker.windowSeconds),
    breakerOpen: secondsText(breaker.openSeconds),
    queueRows: String(mode.queueRows),
    perClient: mode.perClient !== null,
    clientRate: String(perClient.requestsPerSecond),
    clientBurst: String(perClient.burst),
    batching: mode.batching !== null,
    batchRows: String(batching.maxRows),
    batchDelayMs: String(batching.maxDelayMs),
  };
}

/** What was typed, in the shape of the document; undefined: the contract states no failure mode. */
export function rawFailureMode(form: FailureForm): unknown {
  if (!form.stated) return undefined;
  const { onError, onTimeout, onOverload } = form;
  return {
    onError,
    onTimeout,
    onOverload,
    fallback: form.fallbackScore.trim() === "" ? null : { score: parseNumber(form.fallbackScore) },
    breaker: form.breaker
      ? {
          errorRatio: parsePercent(form.errorRatio),
          slowMs: parseNumber(form.slowMs),
          slowRatio: parsePercent(form.slowRatio),
          minRequests: parseNumber(form.minRequests),
          windowSeconds: parseSeconds(form.breakerWindow),
          openSeconds: parseSeconds(form.breakerOpen),
        }
      : null,
    queueRows: parseNumber(form.queueRows),
    perClient: form.perClient
      ? { requestsPerSecond: parseNumber(form.clientRate), burst: parseNumber(form.clientBurst) }
      : null,
    batching: form.batching
      ? { maxRows: parseNumber(form.batchRows), maxDelayMs: parseNumber(form.batchDelayMs) }
      : null,
  };
}
