import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/time";

/** What came of one try to deliver a message; `lib/outgoing` gives it. */
export type Try =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs: number | null; readonly text: string }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export type Verdict = {
  readonly state: "delivered" | "failed" | "pending";
  readonly status: number | null;
  readonly error: string | null;
  /** Milliseconds until the next try, where there is one. */
  readonly waitMs: number | null;
};

export const MAX_ATTEMPTS = 40;
export const MAX_AGE_MS = DAY_MS;
const FIRST_WAIT_MS = 5 * SECOND_MS;
const LONGEST_WAIT_MS = 15 * MINUTE_MS;
const LONGEST_ASKED_MS = HOUR_MS;

/** Milliseconds before try `attempts` + 1: doubled each time, at most 15 minutes; longer if the receiver asked for it, at most an hour. */
export function waitAfter(attempts: number, retryAfterMs: number | null): number {
  const own = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.max(own, Math.min(retryAfterMs ?? 0, LONGEST_ASKED_MS));
}

/**
 * What becomes of a message after its `attempts`-th try. Taken: 2xx. Tried again: no answer, 408, 425, 429 and 5xx, until 40 tries or a day.
 * Given up at once: what the receiver refuses for good, a redirect, and an address that nothing is sent to.
 */
export function verdictOf(tried: Try, attempts: number, ageMs: number): Verdict {
  if (tried.kind === "refused") return { state: "failed", status: null, error: tried.reason, waitMs: null };
  if (tried.kind === "answered" && tried.status >= 200 && tried.status < 300) {
    return { state: "delivered", status: tried.status, error: null, waitMs: null };
  }
  const status = tried.kind === "answered" ? tried.status : null;
  const error = tried.kind === "answered" ? answerWords(tried) : tried.reason;
  const waitMs = waitAfter(attempts, tried.kind === "answered" ? tried.retryAfterMs : null);
  const again = status === null || status >= 500 || [408, 425, 429].includes(status);
  if (!again) return { state: "failed", status, error, waitMs: null };
  if (attempts >= MAX_ATTEMPTS || ageMs + waitMs > MAX_AGE_MS) {
    return { state: "failed", status, error: `given up after ${attempts} tries: ${error}`, waitMs: null };
  }
  return { state: "pending", status, error, waitMs };
}

function answerWords({ status, text }: Extract<Try, { kind: "answered" }>): string {
  if (status >= 300 && status < 400)
    return `answered ${status}: redirects are not followed, enter the address it leads to`;
  const said = text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 200);
  return said === "" ? `answered ${status}` : `answered ${status}: ${said}`;
}
