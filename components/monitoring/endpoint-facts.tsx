"use client";

import { useQuery } from "@tanstack/react-query";
import { Fact, Facts } from "@/components/ui/facts";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import { summaryQuery } from "@/lib/monitoring/query-options";
import type { EndpointSummary, Outcomes } from "@/lib/monitoring/schema";
import type { RangeName } from "@/lib/monitoring/time-range";
import { OUTCOME_WORDS, signedValues } from "./endpoint-series";

type Props = {
  readonly name: string;
  readonly range: RangeName;
  readonly initial: EndpointSummary;
  readonly serving: string | null;
  readonly warm: string | null;
};

/** The strip under the title: the same query as the charts, over the whole range. */
export function EndpointFacts({ name, range, initial, serving, warm }: Props) {
  const { data = initial } = useQuery({ ...summaryQuery(name, range), initialData: initial });
  const { service, signed, probe } = data;
  return (
    <Facts>
      <Fact
        label="p95 · p99"
        value={
          <span title={`p95 ${service.p95?.value ?? "—"} ms, p99 ${service.p99?.value ?? "—"} ms`}>
            {formatNumber(service.p95?.value ?? Number.NaN)} · {formatNumber(service.p99?.value ?? Number.NaN)}
          </span>
        }
        note={`ms, signed ${signedValues(signed, ["p95", "p99"]) || "nothing"}`}
      />
      <Fact
        label="Requests"
        value={formatCount(service.requests)}
        note={`in ${range}, peak ${formatNumber(service.peakPerSecond)} of ${signedValues(signed, ["ceiling"]) || "no ceiling"}`}
      />
      <Fact
        label={`Outcomes, ${range}`}
        value={service.requests === 0 ? "—" : `${formatPercent(service.outcomes.model / service.requests)} answered`}
        note={otherOutcomes(service.outcomes)}
      />
      <Fact
        label="Availability"
        value={service.availability ? formatPercent(service.availability.value) : "—"}
        note={`signed ${signedValues(signed, ["success_ratio"]) || "nothing"}`}
      />
      <Fact label="Revision" value={serving ?? "none"} note={warm ? `${warm} warm` : undefined} />
      <Fact
        label="Probe"
        value={probe.answers === null ? "—" : probe.answers ? "answers" : "no answer"}
        note={probe.lastAt ? <RelativeTime at={probe.lastAt} /> : "not probed yet"}
      />
    </Facts>
  );
}

function otherOutcomes(outcomes: Outcomes): string {
  const names = ["error", "timeout", "unavailable", "fallback", "limited", "invalid"] as const;
  const others = names.filter((name) => outcomes[name] > 0);
  if (others.length === 0) return "nothing else";
  return others.map((name) => `${formatCount(outcomes[name])} ${OUTCOME_WORDS[name]}`).join(" · ");
}
