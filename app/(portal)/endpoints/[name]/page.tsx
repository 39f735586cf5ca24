import { ChangesPanel } from "@/components/monitoring/changes-panel";
import { ClockPanel } from "@/components/monitoring/clock-panel";
import { EndpointCharts } from "@/components/monitoring/endpoint-charts";
import { EndpointFacts } from "@/components/monitoring/endpoint-facts";
import { EndpointHeader } from "@/components/monitoring/endpoint-header";
import { TargetNotice } from "@/components/monitoring/target-notice";
import { Refusal } from "@/components/shell/refusal";
import { Halves } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import { getEndpoint } from "@/lib/deployments/queries";
import { getEndpointSeries, getEndpointSummary } from "@/lib/monitoring/queries/endpoints";
import { RANGES } from "@/lib/monitoring/schema";
import { read } from "@/lib/read";
import { readExample } from "./read-example";

export default async function EndpointPage({ params, searchParams }: PageProps<"/endpoints/[name]">) {
  const { name } = await params;
  const asked = (await searchParams).range;
  const range = RANGES.find((each) => each === asked) ?? "1h";
  const endpoint = await read(getEndpoint, { name });
  if (!endpoint.ok) return <Refusal failure={endpoint.error} />;
  const [summary, series, example] = await Promise.all([
    read(getEndpointSummary, { name, range }),
    read(getEndpointSeries, { name, range }),
    readExample(endpoint.data),
  ]);
  const failure = summary.ok ? (series.ok ? null : series.error) : summary.error;
  return (
    <>
      <EndpointHeader endpoint={endpoint.data} range={range} example={example} />
      <TargetNotice endpoint={endpoint.data} />
      {failure && (
        <Notice tone="risk" title="Nothing measured can be shown">
          {failure.message}
        </Notice>
      )}
      {summary.ok && series.ok && (
        <>
          <EndpointFacts
            key={`facts ${range}`}
            name={name}
            range={range}
            initial={summary.data}
            serving={endpoint.data.serving?.revision ?? null}
            warm={endpoint.data.warm?.revision ?? null}
          />
          <EndpointCharts key={range} name={name} range={range} initial={series.data} />
          <div className="h-4" />
          <Halves>
            <ChangesPanel changes={series.data.changes} />
            <ClockPanel clock={series.data.clock} />
          </Halves>
        </>
      )}
    </>
  );
}
