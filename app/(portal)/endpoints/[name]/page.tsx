import { ChangesPanel } from "@/components/monitoring/changes-panel";
import { ClockPanel } from "@/components/monitoring/clock-panel";
import { EndpointCharts } from "@/components/monitoring/endpoint-charts";
import { EndpointFacts } from "@/components/monitoring/endpoint-facts";
import { Refusal } from "@/components/shell/refusal";
import { Halves } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import { getEndpointSeries, getEndpointSummary } from "@/lib/monitoring/queries/endpoints";
import { asRange } from "@/lib/monitoring/time-range";
import { read } from "@/lib/read";
import { AlertNotices } from "./alerts-section";
import { LowerSections } from "./lower-sections";
import { readEndpoint } from "./read-endpoint";

export default async function EndpointPage({ params, searchParams }: PageProps<"/endpoints/[name]">) {
  const { name } = await params;
  const range = asRange((await searchParams).range);
  const [endpoint, summary, series] = await Promise.all([
    readEndpoint(name),
    read(getEndpointSummary, { name, range }),
    read(getEndpointSeries, { name, range }),
  ]);
  if (!endpoint.ok) return <Refusal failure={endpoint.error} />;
  const failure = summary.ok ? (series.ok ? null : series.error) : summary.error;
  return (
    <>
      <AlertNotices name={name} />
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
      <div className="h-4" />
      <LowerSections endpoint={endpoint.data} />
    </>
  );
}
