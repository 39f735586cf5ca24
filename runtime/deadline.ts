/** Milliseconds from the head of a request. */
export type Patience = {
  /** Until when the model may take. */
  modelMs: number;
  /** Until when the previous revision may take that stands in. */
  standInMs: number;
};

/**
 * Timers go off late by a millisecond, or by several on a busy machine, and the answer has yet to reach the caller: a tenth of the deadline
 * and a millisecond more, at most 20.
 */
const reserveMs = (deadlineMs: number): number => Math.min(deadlineMs / 10 + 1, 20, deadlineMs / 2);

/**
 * How a deadline is shared out, so that whatever answers in the end leaves within it. The previous revision gets three times its full
 * batch, but at least 3 ms and at most half of what there is. Pure.
 * @param deadlineMs null: none
 * @param isHeld something stands in for what is late; else the caller gets an error at the deadline, and not before
 * @param hasFallback the fixed fallback is the last that stands in
 * @param previousMs a full batch of the previous revision, if that is asked first for what is late; else null
 */
export function patienceOf(
  deadlineMs: number | null,
  { isHeld, hasFallback, previousMs }: { isHeld: boolean; hasFallback: boolean; previousMs: number | null },
): Patience {
  const deadline = deadlineMs ?? Number.POSITIVE_INFINITY;
  const early = deadlineMs === null ? deadline : deadlineMs - reserveMs(deadlineMs);
  const standInMs = hasFallback ? early : deadline;
  if (!isHeld) return { modelMs: deadline, standInMs };
  if (previousMs === null || deadlineMs === null) return { modelMs: standInMs, standInMs };
  return { modelMs: early - Math.min(Math.max(3 * previousMs, 3), early / 2), standInMs };
}
