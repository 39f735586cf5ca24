import { formatCount, formatNumber } from "@/lib/format";
import type { Declared, DrillOutcome } from "./drill-declared";
import type { DrillCounts, Fault, FaultReport } from "./drill-report";

export type DrillRequest = {
  /** Milliseconds after the start of the drill at which it was due. */
  readonly at: number;
  readonly latencyMs: number;
  readonly outcome: DrillOutcome;
};

type Seen = {
  readonly fault: Fault;
  readonly declared: Declared;
  /** Sent after the injection, also those after the fault was over. */
  readonly requests: readonly DrillRequest[];
  /** Milliseconds after the start of the drill. */
  readonly injectedAt: number;
  readonly endedAt: number;
};

/** A request that was just under way when the fault began or ended may become something else. */
const STRAY = 0.02;
/** The machine, which the client is on too, may hold up what stands in by so much; in a flood answers also queue behind one another. */
const SLACK_MS = 250;
const FLOOD_SLACK_MS = 1000;
const LATE = 0.05;
/** After the first answer of the restarted process nothing may fail; connections that were open to the old one are over by then. */
const SETTLED_MS = 500;
const STAND_INS: readonly DrillOutcome[] = ["fallback", "secondary"];

/** Holds what was seen of a fault against what is declared. Pure. */
export function judgeFault(seen: Seen): FaultReport {
  const { fault, declared, injectedAt } = seen;
  const recoveredMs = recoveryOf(seen);
  const problems = fault === "kill" ? afterReturn(seen, recoveredMs) : meanwhile(seen);
  const back = backWords(recoveredMs, declared);
  const counts = countsOf(seen.requests);
  const passed = problems.length === 0 && back.ok;
  return {
    fault,
    declared: declared.words,
    seen: [...(problems.length > 0 ? problems : [tally(fault, counts)]), back.words].join("; "),
    passed,
    times: { injectedAt, firstStandInMs: firstStandIn(seen), recoveredMs },
    counts,
  };
}

/** Problems with what callers got while the fault lasted. */
function meanwhile({ fault, declared, requests, injectedAt, endedAt }: Seen): string[] {
  const { expected, withinMs } = declared;
  // One that was due so shortly before the end that the mended model may have answered it in time proves nothing.
  const during = requests.filter(({ at }) => at >= injectedAt && at < endedAt - (withinMs ?? 0));
  const problems: string[] = [];
  if (during.length === 0) return ["no request met the fault"];
  const others = during.filter(({ outcome }) => !expected.includes(outcome));
  if (others.length > Math.max(1, STRAY * during.length)) {
    problems.push(
      `${formatCount(others.length)} of ${formatCount(during.length)} requests became something else (${listOf(others)})`,
    );
  }
  const [main] = expected;
  if (main !== undefined && !during.some(({ outcome }) => outcome === main))
    problems.push(`not one became ${NAMES[main]}`);
  const standIns = during.filter(({ outcome }) => STAND_INS.includes(outcome));
  const slackMs = fault === "overload" ? FLOOD_SLACK_MS : SLACK_MS;
  const late = withinMs === null ? [] : standIns.filter(({ latencyMs }) => latencyMs > withinMs + slackMs);
  if (late.length > LATE * standIns.length) {
    problems.push(
      `${formatCount(late.length)} of ${formatCount(standIns.length)} stand-ins came after the deadline of ${withinMs} ms`,
    );
  }
  return problems;
}

/** Problems after the first answer of the process that took over. */
function afterReturn({ requests, endedAt }: Seen, recoveredMs: number | null): string[] {
  if (recoveredMs === null) return [];
  const from = endedAt + recoveredMs + SETTLED_MS;
  const failed = requests.filter(({ at, outcome }) => at >= from && outcome !== "model");
  return failed.length === 0
    ? []
    : [`${formatCount(failed.length)} requests still failed after it was back (${listOf(failed)})`];
}

/** From the end of the fault to the first answer of the model to a request that was due after it. */
function recoveryOf({ requests, endedAt }: Seen): number | null {
  const ends = requests
    .filter(({ at, outcome }) => at >= endedAt && outcome === "model")
    .map(({ at, latencyMs }) => at + latencyMs - endedAt);
  return ends.length === 0 ? null : Math.min(...ends);
}

function backWords(recoveredMs: number | null, { backWithinMs }: Declared): { ok: boolean; words: string } {
  if (recoveredMs === null) return { ok: false, words: "the model did not come back while it was watched" };
  const ok = recoveredMs <= backWithinMs;
  const words = `the model back after ${formatNumber(recoveredMs / 1000)} s`;
  return { ok, words: ok ? words : `${words}, allowed are ${formatNumber(backWithinMs / 1000)} s` };
}

function firstStandIn({ declared, requests, injectedAt }: Seen): number | null {
  const found = requests.filter(
    ({ at, outcome }) => at >= injectedAt && outcome !== "model" && declared.expected.includes(outcome),
  );
  return found.length === 0 ? null : Math.min(...found.map(({ at, latencyMs }) => at + latencyMs - injectedAt));
}

function countsOf(requests: readonly DrillRequest[]): DrillCounts {
  const of = (...outcomes: DrillOutcome[]) => requests.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    sent: requests.length,
    model: of("model"),
    fallback: of("fallback"),
    secondary: of("secondary"),
    refused: of("refused"),
    failed: of("failed", "timeout"),
  };
}

const NAMES: Readonly<Record<DrillOutcome, string>> = {
  model: "an answer of the model",
  fallback: "the fallback",
  secondary: "an answer of the previous revision",
  refused: "a refusal",
  timeout: "an error at the deadline",
  failed: "an error",
};

function listOf(requests: readonly DrillRequest[]): string {
  return [...new Set(requests.map(({ outcome }) => NAMES[outcome]))].join(", ");
}

function tally(fault: Fault, { sent, model, fallback, secondary, refused, failed }: DrillCounts): string {
  const parts = [
    [fallback, "fallbacks"],
    [secondary, "by the previous revision"],
    [refused, "refused"],
    [failed, fault === "kill" ? "failed while it was away" : "errors"],
    [model, "by the model"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, words]) => `${formatCount(n)} ${words}`);
  return `of ${formatCount(sent)} requests ${said.join(", ")}`;
}
