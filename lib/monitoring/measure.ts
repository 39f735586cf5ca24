import type { Clause } from "@/lib/contracts/document";
import { formatPercent } from "@/lib/format";
import type { ClauseWindow } from "@/lib/monitoring/clause-window";
import { type DriftFacts, driftMeasurement } from "@/lib/monitoring/drift-clause";
import { livenessOf, PROBE_EVERY_MS, type ProbeFacts } from "@/lib/monitoring/liveness";
import { type LogBuckets, percentile } from "@/lib/monitoring/log-buckets";
import type { Measurement } from "@/lib/monitoring/measurement";
import {
  type Estimate,
  estimate,
  type QualityMetric,
  type QualitySums,
  qualityEstimate,
} from "@/lib/monitoring/quality";
import { availabilityOf, latencyOf, type ServiceSums } from "@/lib/monitoring/service";
import { sliceName } from "@/lib/monitoring/slices";

/** Age of the oldest feature of each row, in milliseconds; `unknown` rows carried no feature time. */
export type FreshnessSums = { readonly n: number; readonly unknown: number; readonly age: LogBuckets };

/** The newest drill of the serving revision's failure mode. */
export type DrillFacts = {
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** Every fault was answered as the contract declares. */
  readonly passed: boolean;
  /** It was made of this version and of the failure mode that is in force. */
  readonly matches: boolean;
};

/** What the stores say about one clause's window on one endpoint. Absent: there is nothing in it. */
export type Facts = {
  readonly now: number;
  readonly window: ClauseWindow | null;
  readonly service?: ServiceSums | undefined;
  readonly quality?: QualitySums | undefined;
  readonly freshness?: FreshnessSums | undefined;
  readonly drift?: DriftFacts | undefined;
  /** Null: never drilled. */
  readonly drill?: DrillFacts | null;
  readonly probe: ProbeFacts | null;
  /** Probes of the window that got no good answer: each stands for the time between two. */
  readonly failedProbes: number;
  /** Rows of the endpoint that carried no event time, so far. */
  readonly withoutTime: number;
};

const NONE = { value: null, low: null, high: null, n: 0, problem: null, outage: null, note: null } as const;

/** What a clause's window says in the clause's unit, with the reason where it says nothing. */
export function measure(clause: Clause, facts: Facts): Measurement {
  const { window } = facts;
  if (!window) return { ...NONE, window: null, asOf: null, problem: noClock(facts) };
  const base: Measurement = { ...NONE, window: { from: window.from, to: window.to }, asOf: window.asOf };
  switch (clause.kind) {
    case "latency":
      return withLiveness(latency(base, clause, facts.service), facts);
    case "throughput":
      return withLiveness(throughput(base, clause, facts.service), facts);
    case "availability":
      return availability(base, clause, facts);
    case "freshness":
      return freshness(base, facts);
    case "quality":
      return quality(base, clause, facts);
    case "drift":
      if (!facts.drift) return { ...base, problem: "nothing is known of the rows of the window" };
      return { ...base, ...driftMeasurement(clause, facts.drift, window) };
    case "failure_mode":
      return drill(base, facts);
  }
}

/** Age of the drill. One that failed is as good as an outage: what is declared would not happen. */
function drill(base: Measurement, { drill: last, now }: Facts): Measurement {
  if (!last) return { ...base, problem: "the failure mode was never drilled" };
  if (!last.matches) {
    return { ...base, problem: "the last drill was of another version, or of another failure mode" };
  }
  const age = Math.max(0, (now - last.endedAt) / 1000);
  const measured = { ...base, value: age, low: age, high: age, n: 1 };
  if (last.passed) return measured;
  return {
    ...measured,
    outage: { reason: "the last drill failed: what the contract declares was not seen", exhausted: true },
  };
}

function noClock({ withoutTime }: Facts): string {
  return withoutTime === 0
    ? "no prediction yet: the event clock has not started"
    : `none of ${withoutTime.toLocaleString("en-US")} rows carried an event time, which this endpoint's clock needs`;
}

const filled = (base: Measurement, found: Estimate, n: number): Measurement => ({ ...base, ...found, n });

/** A number of the past says nothing about an endpoint that does not answer now. */
function withLiveness(measured: Measurement, { probe, now }: Facts): Measurement {
  const live = livenessOf(probe, now);
  return live.kind === "answers" ? measured : { ...measured, problem: live.reason };
}

function latency(base: Measurement, clause: Clause, service: ServiceSums | undefined): Measurement {
  const found = service && latencyOf(service, clause.metric === "p95" ? 0.95 : 0.99);
  return found ? filled(base, found, found.n) : { ...base, problem: "no traffic in the window" };
}

/** The ceiling holds while what is taken on stays below it; a bucket that was full may let one second's worth more through. */
function throughput(base: Measurement, clause: Clause, service: ServiceSums | undefined): Measurement {
  if (!service || service.n === 0) return { ...base, problem: "no traffic in the window" };
  const peak = service.peakPerSecond;
  const share = service.limited / service.n;
  const note =
    service.limited === 0 ? "nothing had to be refused" : `${formatPercent(share)} answered 429, as promised beyond it`;
  return { ...filled(base, { value: peak, low: Math.max(0, peak - clause.target / 60), high: peak }, service.n), note };
}

function availability(base: Measurement, clause: Clause, { service, probe, now, failedProbes }: Facts): Measurement {
  const found = service ? availabilityOf(service, clause.target, clause.fallbacks) : null;
  const measured = found ? filled(base, found, found.n) : { ...base, problem: "no traffic in the window" };
  const live = livenessOf(probe, now);
  if (live.kind === "answers") return measured;
  if (live.kind === "unknown") return { ...measured, problem: live.reason };
  const budgetMs = (1 - clause.target) * clause.windowSeconds * 1000;
  return {
    ...measured,
    outage: { reason: `unavailable: ${live.reason}`, exhausted: failedProbes * PROBE_EVERY_MS > budgetMs },
  };
}

function freshness(base: Measurement, { freshness: sums }: Facts): Measurement {
  if (!sums || sums.n === 0) return { ...base, problem: "no prediction in the window" };
  const found = percentile(sums.age, 0.99);
  const note = sums.unknown === 0 ? null : `${sums.unknown.toLocaleString("en-US")} rows carried no feature time`;
  if (!found) return { ...base, note, problem: "no request said how old its features are" };
  const seconds = estimate(found.value / 1000, { low: found.low / 1000, high: found.high / 1000 });
  return { ...filled(base, seconds, found.n), note };
}

/** What every row of a window answers, whether it has a label or not. */
const OF_ALL_ROWS: readonly QualityMetric[] = ["label_coverage", "label_delay_p95"];

function quality(base: Measurement, clause: Clause, { quality: sums }: Facts): Measurement {
  const metric = clause.metric as QualityMetric;
  const of = clause.slice ? ` of ${sliceName(clause.slice)}` : "";
  if (!sums || sums.scored === 0) return { ...base, problem: `no predictions${of} old enough to have labels` };
  const note = `labels ${formatPercent(sums.labelled / sums.scored)} complete`;
  const ofAll = OF_ALL_ROWS.includes(metric);
  if (sums.labelled === 0 && !ofAll)
    return { ...base, note, problem: `no labels for ${sums.scored.toLocaleString("en-US")} predictions${of}` };
  const found = qualityEstimate(metric, sums, clause.target);
  const n = ofAll ? sums.scored : sums.labelled;
  return found ? { ...filled(base, found, n), note } : { ...base, n, note, problem: noEstimate(metric, sums) };
}

function noEstimate(metric: QualityMetric, { sumAbs, delay }: QualitySums): string {
  if (metric === "mae" && sumAbs === null) return "days of the window were measured before it was kept";
  if (metric === "label_delay_p95" && delay === null) return "days of the window were measured before it was kept";
  if (metric === "f1") return 'no decision and no label is "yes"';
  return "the labels are all of one kind";
}
