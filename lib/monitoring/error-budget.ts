import { clauseName, clauseSentence, formatValue } from "@/lib/contracts/clause-words";
import type { Clause } from "@/lib/contracts/document";
import { formatCount, formatDuration } from "@/lib/format";
import { budgetLeft, burnOf, burnVerdict, type Counts, countsOf, exhaustionMs } from "@/lib/monitoring/burn-rate";
import { clauseWindow } from "@/lib/monitoring/clause-window";
import { howMeasured } from "@/lib/monitoring/how-measured";
import type { ClauseStateName } from "@/lib/monitoring/schema";
import type { BurnAlertView, BurnWindow, ErrorBudget } from "@/lib/monitoring/slo-view";
import { type BurnAlert, budgetOf, burnAlerts, MIN_REQUESTS, objectiveOf, tidy } from "@/lib/serving/burn-alerts";
import { HOUR_MS, MINUTE_MS, type Range } from "@/lib/time";

/** A clause whose failures can be counted, and what has to be counted for its budget and its alerts. */
export type BudgetPlan = {
  readonly clause: Clause;
  readonly objective: number;
  readonly budget: number;
  readonly alerts: readonly BurnAlert[];
  /** The window of the ledger. */
  readonly whole: Window;
  /** Windows of the alerts that can fire, the shortest first. */
  readonly windows: readonly Window[];
};

type Window = Range & { readonly grain: "minute" | "hour"; readonly lengthMs: number };

/** Windows up to so long are read by the minute, longer ones by the hour. */
const BY_MINUTE_MS = 6 * HOUR_MS;

/** What to count for a clause at `now`; null: it has no budget. */
export function budgetPlan(clause: Clause, now: number): BudgetPlan | null {
  const objective = objectiveOf(clause);
  const ledger = objective === null ? null : clauseWindow(clause, { now, watermark: null });
  if (objective === null || !ledger || ledger.grain === "day") return null;
  const alerts = burnAlerts(objective, clause.windowSeconds);
  const lengths = alerts.filter(({ leftOut }) => leftOut === null).flatMap((one) => [one.shortMs, one.longMs]);
  return {
    ...{ clause, objective, budget: budgetOf(objective), alerts },
    whole: { from: ledger.from, to: ledger.to, grain: ledger.grain, lengthMs: clause.windowSeconds * 1000 },
    windows: [...new Set(lengths)].sort((a, b) => a - b).map((lengthMs) => windowOf(lengthMs, now)),
  };
}

function windowOf(lengthMs: number, now: number): Window {
  const [grain, step] = lengthMs <= BY_MINUTE_MS ? (["minute", MINUTE_MS] as const) : (["hour", HOUR_MS] as const);
  return { from: Math.floor((now - lengthMs) / step) * step, to: now, grain, lengthMs };
}

/** What was counted for a plan. */
export type Counted = {
  readonly whole: Counts;
  /** In the order of the plan's windows. */
  readonly windows: readonly Counts[];
};

/** What to ask of the store for a plan; `countedFrom` takes the answers in this order. */
export function budgetAsks(endpoint: string, { clause, whole, windows }: BudgetPlan) {
  return [whole, ...windows].map(({ from, to, grain }) => ({ endpoint, from, to, grain, ...clause.population }));
}

export function countedFrom({ clause }: BudgetPlan, sums: readonly Parameters<typeof countsOf>[1][]): Counted {
  const [whole = NOTHING, ...windows] = sums.map((one) => countsOf(clause, one));
  return { whole, windows };
}

const NOTHING: Counts = { n: 0, bad: 0, uncertain: 0 };
const label = (ms: number) => formatDuration(ms);

function countsIn({ windows }: BudgetPlan, counted: Counted, lengthMs: number): Counts {
  return counted.windows[windows.findIndex((window) => window.lengthMs === lengthMs)] ?? NOTHING;
}

/** Alerts of a plan that fire now: where several do, the most urgent is first. */
export function firingAlerts(
  plan: BudgetPlan,
  counted: Counted,
): (BurnAlert & { burnLong: number; burnShort: number })[] {
  return plan.alerts.flatMap((alert) => {
    if (alert.leftOut !== null) return [];
    const [long, short] = [countsIn(plan, counted, alert.longMs), countsIn(plan, counted, alert.shortMs)];
    const verdict = burnVerdict({ factor: alert.factor, objective: plan.objective }, long, short);
    return verdict.fires ? [{ ...alert, burnLong: verdict.burnLong, burnShort: verdict.burnShort }] : [];
  });
}

/** "more than 14.4 % of requests in the last 1 h, and in the last 5 min, are slower than 25 ms (from 100 requests on)" */
export function firesWhen(clause: Clause, alert: BurnAlert): string {
  const share = `${tidy(Number((alert.threshold * 100).toPrecision(4)))} %`;
  const fail = failing(clause);
  const windows = `in the last ${label(alert.longMs)}, and in the last ${label(alert.shortMs)},`;
  return `fires when more than ${share} of requests ${windows} ${fail} (from ${MIN_REQUESTS} requests on)`;
}

/** What a bad request does. */
export function failing({ kind, metric, target, fallbacks }: Clause): string {
  if (kind === "latency") return `are slower than ${formatValue(metric, target)}`;
  return fallbacks === "answer" ? "get no answer" : "get no answer of the model";
}

type More = {
  readonly points: ErrorBudget["points"];
  readonly state: ClauseStateName | null;
  readonly now: number;
};

/** What a page shows of one budget. */
export function errorBudgetView(plan: BudgetPlan, counted: Counted, more: More): ErrorBudget {
  const { clause, objective, budget, whole } = plan;
  const { n, bad, uncertain } = counted.whole;
  const left = leftOf(plan, counted);
  const burns = burnWindows(plan, counted);
  return {
    ...{ clause: clause.id, metric: clause.metric, name: clauseName(clause), target: clause.target, unit: clause.unit },
    kind: clause.kind === "latency" ? "latency" : "availability",
    ...{ objective, budget, promise: clauseSentence(clause), n, bad, uncertain },
    window: { seconds: clause.windowSeconds, from: iso(whole.from), to: iso(whole.to) },
    badRatio: n === 0 ? null : bad / n,
    left,
    reason: whyUnproven(clause, n),
    ...forecast(left, burns, clause, more.now),
    burns,
    alerts: alertViews(plan, counted),
    points: endingWith([...more.points], left, more.now),
    state: more.state,
    howMeasured: howMeasured(clause),
  };
}

const iso = (at: number) => new Date(at).toISOString();

/** Of the clause's own window; null where the clause itself would be unproven. */
export function leftOf({ clause, budget }: BudgetPlan, { whole }: Counted): number | null {
  return whyUnproven(clause, whole.n) === null ? budgetLeft(whole, budget) : null;
}

/** How long before an alert began its trouble may have: the window of its slowest page. Milliseconds. */
export function leadMs({ clause, alerts }: BudgetPlan): number {
  const pages = alerts.filter(({ severity, leftOut }) => severity === "page" && leftOut === null);
  return pages.length === 0 ? clause.windowSeconds * 1000 : Math.max(...pages.map(({ longMs }) => longMs));
}

/** Share of the whole window's budget that the bad requests of a part of it spent. */
export function spentShare({ budget }: BudgetPlan, during: Counts, { n }: Counts): number {
  const allowed = Math.max(n, during.n) * budget;
  return allowed === 0 ? 0 : tidy(during.bad / allowed);
}

function whyUnproven({ minSamples }: Clause, n: number): string | null {
  if (n === 0) return "no traffic in the window";
  return n < minSamples ? `needs ${formatCount(minSamples)} requests, has ${formatCount(n)}` : null;
}

function burnWindows({ windows, whole, budget }: BudgetPlan, counted: Counted): BurnWindow[] {
  const burnIn = ({ lengthMs }: Window, counts: Counts): BurnWindow => ({
    ...{ label: label(lengthMs), seconds: lengthMs / 1000, n: counts.n, bad: counts.bad },
    burn: burnOf(counts, budget),
  });
  return [...windows.map((window, i) => burnIn(window, counted.windows[i] ?? NOTHING)), burnIn(whole, counted.whole)];
}

/** The tile and the end of the chart are one number. */
function endingWith(points: ErrorBudget["points"], left: number | null, now: number): ErrorBudget["points"] {
  return [...points.filter(({ at }) => Date.parse(at) < now), { at: iso(now), left }];
}

/** From the shortest long window of an alert that has enough requests, else from the whole window. */
function forecast(left: number | null, burns: readonly BurnWindow[], clause: Clause, now: number) {
  const none = (outlook: string) => ({ exhaustion: null, outlook });
  if (left === null) return none("nothing is claimed yet");
  if (left <= 0) return none("spent");
  const present = burns.find(({ n, seconds }, i) => i > 0 && n >= MIN_REQUESTS && seconds >= 120) ?? burns.at(-1);
  if (!present || present.n < MIN_REQUESTS) return none("too few requests to say how fast it burns");
  const at = `the present burn of ${formatCount(tidy(Number(present.burn.toPrecision(3))))}x (last ${present.label})`;
  const ms = exhaustionMs(left, present.burn, clause.windowSeconds);
  if (ms === null) return none(present.burn === 0 ? `nothing burns (last ${present.label})` : `lasts at ${at}`);
  return {
    exhaustion: { at: iso(now + ms), seconds: Math.round(ms / 1000), burn: present.burn, window: present.label },
    outlook: `spent in ${formatDuration(ms)} at ${at}`,
  };
}

function alertViews(plan: BudgetPlan, counted: Counted): BurnAlertView[] {
  const firing = new Set(firingAlerts(plan, counted).map(({ factor }) => factor));
  return plan.alerts.map((alert) => ({
    ...{ severity: alert.severity, factor: alert.factor, spends: alert.spends, threshold: alert.threshold },
    ...{ longSeconds: alert.longMs / 1000, shortSeconds: alert.shortMs / 1000 },
    fires: firesWhen(plan.clause, alert),
    state: alert.leftOut !== null ? "left_out" : firing.has(alert.factor) ? "firing" : "armed",
    reason: alert.leftOut,
  }));
}

const POINTS = 60;

/** The buckets from which `budgetPoints` makes its points: twice the window, so that the first point too has a whole window. */
export function pointRange({
  whole,
}: BudgetPlan): Range & { readonly grain: "minute" | "hour"; readonly stepMs: number } {
  const unit = whole.grain === "minute" ? MINUTE_MS : HOUR_MS;
  const shownMs = Math.max(whole.lengthMs, HOUR_MS);
  const stepMs = Math.ceil(shownMs / POINTS / unit) * unit;
  const from = Math.floor((whole.to - shownMs - whole.lengthMs) / stepMs) * stepMs;
  return { from, to: whole.to, grain: whole.grain, stepMs };
}

/** Budget left of rolling windows, one point per step, from counts by step; a window with too few requests gives a gap. */
export function budgetPoints(
  plan: BudgetPlan,
  slices: readonly { readonly at: number; readonly counts: Counts }[],
): ErrorBudget["points"] {
  const { from, to, stepMs } = pointRange(plan);
  const steps = Math.max(1, Math.round(plan.whole.lengthMs / stepMs));
  const byStart = new Map(slices.map(({ at, counts }) => [at, counts]));
  const points: ErrorBudget["points"] = [];
  let [n, bad] = [0, 0];
  for (let at = from, i = 0; at + stepMs <= to; at += stepMs, i++) {
    const [come, gone] = [byStart.get(at) ?? NOTHING, byStart.get(at - steps * stepMs) ?? NOTHING];
    n += come.n - gone.n;
    bad += come.bad - gone.bad;
    if (i + 1 < steps) continue;
    const left = n < plan.clause.minSamples ? null : budgetLeft({ n, bad }, plan.budget);
    points.push({ at: iso(at + stepMs), left });
  }
  return points;
}
