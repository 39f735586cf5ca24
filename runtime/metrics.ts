import { OUTCOME, type Outcome, type Source } from "@/lib/inference/events";
import type { BreakerState } from "./circuit-breaker";
import { LatencyHistogram } from "./latency-histogram";
import type { RefusalReason } from "./refusal";

/** What is so at the moment. */
export type Gauges = {
  serving: string | null;
  /** Null: none gets requests or copies of them. */
  canary: { revision: string; percent: number } | null;
  /** Null: the serving revision has none. */
  breaker: BreakerState | null;
  spoolBytes: number;
  eventsDropped: number;
};

const BREAKER_STATES: readonly BreakerState[] = ["closed", "open", "half_open"];

/** Counters of one endpoint process, since it started. */
export class Metrics {
  batches = 0;
  batchedRows = 0;
  /** Copies of requests: the candidate was given them, or they were dropped before. */
  readonly copies = { given: 0, dropped: 0 };
  private readonly outcomes: Record<"live" | "probe", Record<Outcome, number>> = { live: none(), probe: none() };
  /** By outcome, source and reason, of requests that have one. */
  private readonly reasons = new Map<string, number>();
  private readonly latencies = new Map<string, LatencyHistogram>();

  /** The histogram of a revision; with other bounds it begins anew. */
  latencyOf(revision: string, boundsMs: readonly number[]): LatencyHistogram {
    const histogram = new LatencyHistogram(boundsMs);
    this.latencies.set(revision, histogram);
    return histogram;
  }

  /** Only of requests that somebody sent: what a shadow does has a series of its own. */
  count(outcome: Outcome, from: Source, reason: RefusalReason | ""): void {
    const source = from === "probe" ? "probe" : "live";
    this.outcomes[source][outcome]++;
    if (reason === "") return;
    const labels = `${label("source", source)},${label("outcome", outcome)},${label("reason", reason)}`;
    this.reasons.set(labels, (this.reasons.get(labels) ?? 0) + 1);
  }

  private canaryText(e: string, { revision, percent }: NonNullable<Gauges["canary"]>): string[] {
    const copies = Object.entries(this.copies);
    return [
      ...family("proviso_canary_percent", "gauge", "Share of the requests that the candidate gets.", [
        `proviso_canary_percent{${e},${label("revision", revision)}} ${percent}`,
      ]),
      ...family(
        "proviso_shadow_copies_total",
        "counter",
        "Copies of answered requests: given to a candidate, or dropped.",
        copies.map(([what, n]) => `proviso_shadow_copies_total{${e},${label("result", what)}} ${n}`),
      ),
    ];
  }

  /** Prometheus text format 0.0.4. */
  text(endpoint: string, current: Gauges): string {
    const e = label("endpoint", endpoint);
    const requests = Object.entries(this.outcomes).flatMap(([source, counts]) =>
      Object.entries(counts).map(
        ([outcome, n]) => `proviso_requests_total{${e},${label("source", source)},${label("outcome", outcome)}} ${n}`,
      ),
    );
    const breaker = BREAKER_STATES.map(
      (state) => `proviso_breaker_state{${e},${label("state", state)}} ${current.breaker === state ? 1 : 0}`,
    );
    const revision =
      current.serving === null ? [] : [`proviso_revision_info{${e},${label("revision", current.serving)}} 1`];
    return [
      ...family("proviso_requests_total", "counter", "Answered inference requests.", requests),
      ...family(
        "proviso_request_reasons_total",
        "counter",
        "Requests that were refused, or that not the model answered, by the reason.",
        [...this.reasons].map(([labels, n]) => `proviso_request_reasons_total{${e},${labels}} ${n}`),
      ),
      ...(current.breaker === null
        ? []
        : family("proviso_breaker_state", "gauge", "1 for the state of the circuit breaker.", breaker)),
      ...family(
        "proviso_request_duration_seconds",
        "histogram",
        "Live requests that were not refused: from the head of the request until just before the answer.",
        [...this.latencies].flatMap(([name, histogram]) => series(`${e},${label("revision", name)}`, histogram)),
      ),
      ...family("proviso_batches_total", "counter", "Runs of the model.", [
        `proviso_batches_total{${e}} ${this.batches}`,
      ]),
      ...family("proviso_batch_rows_total", "counter", "Rows in these runs; divided by them: the mean batch.", [
        `proviso_batch_rows_total{${e}} ${this.batchedRows}`,
      ]),
      ...(current.canary === null ? [] : this.canaryText(e, current.canary)),
      ...family("proviso_spool_bytes", "gauge", "Event segments on disk.", [
        `proviso_spool_bytes{${e}} ${current.spoolBytes}`,
      ]),
      ...family("proviso_events_dropped_total", "counter", "Events not kept because the spool or the disk was full.", [
        `proviso_events_dropped_total{${e}} ${current.eventsDropped}`,
      ]),
      ...family("proviso_revision_info", "gauge", "The revision that answers.", revision),
      "",
    ].join("\n");
  }
}

const none = (): Record<Outcome, number> =>
  Object.fromEntries(Object.keys(OUTCOME).map((outcome) => [outcome, 0])) as Record<Outcome, number>;

const label = (name: string, value: string): string =>
  `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

const family = (name: string, type: string, help: string, lines: string[]): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...lines,
];

function series(labels: string, histogram: LatencyHistogram): string[] {
  const name = "proviso_request_duration_seconds";
  const buckets = histogram.buckets();
  return [
    ...buckets.map(({ le, count }) => `${name}_bucket{${labels},${label("le", le)}} ${count}`),
    `${name}_sum{${labels}} ${histogram.sumSeconds}`,
    `${name}_count{${labels}} ${buckets.at(-1)?.count ?? 0}`,
  ];
}
