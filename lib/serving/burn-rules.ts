import { type BurnAlert, budgetOf, MIN_REQUESTS } from "@/lib/serving/burn-alerts";
import { MINUTE_MS } from "@/lib/time";

export type Rule = {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};
export type Group = { readonly name: string; readonly interval: string; readonly rules: readonly Rule[] };

const TOTAL = "proviso:slo_requests:increase1m";
const BAD = "proviso:slo_bad_requests:increase1m";
const BURN = "proviso:slo_burn:ratio";

export type Burning = {
  readonly endpoint: string;
  /** Id of the clause whose budget it is. */
  readonly clause: string;
  readonly objective: number;
  readonly alerts: readonly BurnAlert[];
  /** Requests that count in the last minute, and those of them that broke the promise, in PromQL. */
  readonly counted: { readonly total: string; readonly bad: string };
  /** Of the alerts, beside endpoint, clause, window and severity. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: (alert: BurnAlert) => NonNullable<Rule["annotations"]>;
};

/** The burn of one error budget and its alerts, each over a long and a short window; see burn-alerts.ts. Counted by the minute. */
export function burnGroup(burning: Burning): Group {
  const { endpoint, clause, objective, counted } = burning;
  const labels = { endpoint, clause };
  const armed = burning.alerts.filter(({ leftOut }) => leftOut === null);
  const windows = [...new Set(armed.flatMap(({ longMs, shortMs }) => [shortMs, longMs]))].sort((a, b) => a - b);
  return {
    name: `proviso/${endpoint}/${clause}`,
    interval: "1m",
    rules: [
      { record: TOTAL, expr: counted.total, labels },
      { record: BAD, expr: counted.bad, labels },
      ...windows.map((ms) => burnRule(labels, ms, budgetOf(objective))),
      ...armed.map((alert) => alertRule(burning, alert)),
    ],
  };
}

const selector = (labels: Readonly<Record<string, string>>) =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(",")}}`;

const span = (ms: number) => `${ms / MINUTE_MS}m`;

function burnRule(labels: Readonly<Record<string, string>>, ms: number, budget: number): Rule {
  const sum = (name: string) => `sum_over_time(${name}${selector(labels)}[${span(ms)}])`;
  // Without traffic there is no ratio, and an alert on it does not fire.
  const expr = `${sum(BAD)} / (${sum(TOTAL)} > 0) / ${budget}`;
  return { record: BURN, expr, labels: { ...labels, window: span(ms) } };
}

function alertRule({ endpoint, clause, labels, annotations }: Burning, alert: BurnAlert): Rule {
  const of = (ms: number) => `${BURN}${selector({ endpoint, clause, window: span(ms) })} > ${alert.factor}`;
  const requests = `sum_over_time(${TOTAL}${selector({ endpoint, clause })}[${span(alert.longMs)}])`;
  return {
    alert: "ProvisoErrorBudgetBurns",
    expr: `${of(alert.longMs)} and ignoring(window) ${of(alert.shortMs)} and ignoring(window) ${requests} >= ${MIN_REQUESTS}`,
    labels: { endpoint, clause, window: span(alert.longMs), severity: alert.severity, ...labels },
    annotations: annotations(alert),
  };
}

/** `le` of a bucket in PromQL, in the unit of the metric. Prometheus 3 writes whole numbers with a decimal. */
export function boundSelector(bound: number): string {
  const text = String(bound);
  return /^\d+$/.test(text) ? `le=~"${text}([.]0)?"` : `le="${text}"`;
}
