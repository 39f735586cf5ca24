import { formatValue, unitOf } from "@/lib/contracts/clause-words";
import type { Clause } from "@/lib/contracts/document";
import { formatInterval } from "@/lib/format";
import type { Measurement } from "@/lib/monitoring/measurement";
import type { ClauseStateName } from "@/lib/monitoring/schema";

/** What the last evaluation left behind. */
export type Previous = {
  readonly state: ClauseStateName;
  /** Counted evaluations in a row whose whole interval lay on the wrong side. */
  readonly wrongInRow: number;
  /** What the clause's clock showed at the last evaluation that counted, milliseconds since 1970; null: none yet. */
  readonly countedAt: number | null;
};

export type Verdict = Previous & { readonly reason: string };

type Judged = Pick<
  Clause,
  "metric" | "direction" | "target" | "atRisk" | "cadenceSeconds" | "consecutive" | "minSamples" | "probe"
>;

/** A state is left only when the numbers clear its limit by a tenth of the distance between "at risk" and the target. */
const HYSTERESIS = 0.1;

/**
 * The state of a clause. Unproven: no probe, no data, too few samples. Breached: the whole 95 % interval on the wrong side of the target
 * in `consecutive` evaluations in a row, each at least `cadence` after the one before on the clause's own clock; it ends with a counted
 * evaluation whose value is on the good side. At risk: value beyond `atRisk`, or the interval straddles the target. Met: otherwise.
 */
export function clauseState(clause: Judged, measured: Measurement, previous: Previous | null): Verdict {
  const before = previous ?? { state: "unproven", wrongInRow: 0, countedAt: null };
  const unproven = whyUnproven(clause, measured);
  if (unproven !== null) return { ...before, state: "unproven", reason: unproven };
  const facts = positionOf(clause, measured);
  const counted = count(clause, measured, before, facts);
  if (counted.wrongInRow >= clause.consecutive) {
    return { ...counted, state: "breached", reason: breachReason(clause, measured, counted.wrongInRow) };
  }
  const risk = whyAtRisk(clause, measured, facts, before.state !== "met" && before.state !== "unproven");
  if (risk !== null) return { ...counted, state: "at_risk", reason: risk };
  const text = shownValue(clause, measured);
  const met = `${text}, ${intervalText(clause, measured)}: all of it keeps the promise of ${targetText(clause)}`;
  return { ...counted, state: "met", reason: withNote(met, measured) };
}

function whyUnproven(clause: Judged, measured: Measurement): string | null {
  if (clause.probe === "none") return "no probe measures it";
  // A total outage is a fact even without traffic.
  if (measured.outage) return null;
  if (measured.problem !== null) return measured.problem;
  if (measured.n < clause.minSamples || measured.value === null) {
    return withNote(
      `needs ${clause.minSamples.toLocaleString("en-US")}, has ${measured.n.toLocaleString("en-US")}`,
      measured,
    );
  }
  const { isBad, badEnd, goodEnd } = positionOf(clause, measured);
  if (badEnd === null && !isBad(measured.value) && !isBad(goodEnd)) {
    return withNote(`${measured.n.toLocaleString("en-US")} are too few to bound the value on its bad side`, measured);
  }
  return null;
}

type Position = {
  /** Whether a value is on the wrong side of the target. */
  readonly isBad: (value: number | null) => boolean;
  readonly badEnd: number | null;
  readonly goodEnd: number | null;
  readonly wrong: boolean;
};

function positionOf(clause: Judged, { low, high, outage }: Measurement): Position {
  const atMost = clause.direction === "at_most";
  const isBad = (value: number | null) => value !== null && (atMost ? value > clause.target : value < clause.target);
  const [goodEnd, badEnd] = atMost ? [low, high] : [high, low];
  return { isBad, goodEnd, badEnd, wrong: isBad(goodEnd) || outage?.exhausted === true };
}

function count(clause: Judged, measured: Measurement, before: Previous, { wrong, isBad }: Position): Previous {
  const { asOf } = measured;
  const counts =
    asOf !== null && (before.countedAt === null || asOf >= before.countedAt + clause.cadenceSeconds * 1000);
  if (!counts) return before;
  if (wrong) return { ...before, wrongInRow: before.wrongInRow + 1, countedAt: asOf };
  const isOpen = before.wrongInRow >= clause.consecutive;
  return { ...before, wrongInRow: isOpen && isBad(measured.value) ? before.wrongInRow : 0, countedAt: asOf };
}

function whyAtRisk(clause: Judged, measured: Measurement, position: Position, wasBad: boolean): string | null {
  if (measured.outage) return withNote(measured.outage.reason, measured);
  const { value } = measured;
  const margin = wasBad ? HYSTERESIS * Math.abs(clause.target - clause.atRisk) : 0;
  const sign = clause.direction === "at_most" ? 1 : -1;
  const beyond = (end: number | null, limit: number) => end !== null && sign * (end - limit) > -margin;
  const text = shownValue(clause, measured);
  if (position.wrong) {
    const so = `${text}, ${intervalText(clause, measured)}: all of it breaks the promise of ${targetText(clause)}`;
    return withNote(`${so}, not yet ${clause.consecutive} evaluations in a row`, measured);
  }
  const straddles = position.badEnd === null || position.isBad(position.badEnd);
  if (straddles || (wasBad && beyond(position.badEnd, clause.target))) {
    return withNote(
      `${text}, ${intervalText(clause, measured)}: part of it breaks the promise of ${targetText(clause)}`,
      measured,
    );
  }
  if (beyond(value, clause.atRisk)) {
    const limit = formatValue(clause.metric, clause.atRisk);
    return withNote(`${text} is beyond ${limit}, where the risk begins (promise: ${targetText(clause)})`, measured);
  }
  return null;
}

function breachReason(clause: Judged, measured: Measurement, times: number): string {
  if (measured.outage) return withNote(measured.outage.reason, measured);
  const text = shownValue(clause, measured);
  const inRow = times === 1 ? "" : `, ${times} evaluations in a row`;
  return withNote(
    `${text}, ${intervalText(clause, measured)}, against the promise of ${targetText(clause)}${inRow}`,
    measured,
  );
}

const shownValue = ({ metric }: Judged, { value }: Measurement) => formatValue(metric, value ?? Number.NaN);
const targetText = (clause: Judged) =>
  `${clause.direction === "at_most" ? "at most" : "at least"} ${formatValue(clause.metric, clause.target)}`;
const intervalText = (clause: Judged, { low, high }: Measurement) =>
  `interval ${formatInterval(low, high, unitOf(clause.metric))}`;
const withNote = (text: string, { note }: Measurement) => (note === null ? text : `${text}; ${note}`);
