"use client";

import { useQuery } from "@tanstack/react-query";
import { TimeSeriesChart, type TimeSeriesChartProps } from "@/components/charts/time-series-chart";
import { EmptyState } from "@/components/ui/empty-state";
import { HowMeasured } from "@/components/ui/how-measured";
import { Halves, Stack } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { formatCount, formatPercent } from "@/lib/format";
import { seriesQuery } from "@/lib/monitoring/query-options";
import type { EndpointSeries, HowMeasured as Measured } from "@/lib/monitoring/schema";
import type { RangeName } from "@/lib/monitoring/time-range";
import { DAY_MS } from "@/lib/time";
import {
  availabilityLines,
  changeMarks,
  latencyLines,
  qualityLines,
  qualityRange,
  requestLines,
  signedLines,
  unfinishedFrom,
} from "./endpoint-series";

type Props = { readonly name: string; readonly range: RangeName; readonly initial: EndpointSeries };

/** Latency, requests, availability on the wall clock; quality by event day. All from one answer. */
export function EndpointCharts({ name, range, initial }: Props) {
  const { data = initial, error } = useQuery({ ...seriesQuery(name, range), initialData: initial });
  const n = data.buckets.reduce((sum, bucket) => sum + bucket.latencyN, 0);
  const growing = unfinishedFrom(data);
  const wall = {
    from: Date.parse(data.from),
    to: Date.parse(data.to),
    bucketMs: data.bucketSeconds * 1000,
    changes: changeMarks(data),
    syncId: "wall",
    ...(growing !== undefined && { unfinishedFrom: growing }),
  };
  return (
    <Stack>
      {error && (
        <Notice tone="risk" title="The charts are not current: the portal does not answer." live>
          {error.message}
        </Notice>
      )}
      <ChartPanel
        title="Latency, request received to response written"
        measured={data.howMeasured.service}
        n={n}
        window={range}
      >
        <TimeSeriesChart
          {...wall}
          label="Latency percentiles"
          unit="ms"
          series={latencyLines(data)}
          signed={signedLines(data, ["p95", "p99"])}
          note={`n ${formatCount(n)}`}
        />
      </ChartPanel>
      <Halves>
        <ChartPanel title="Requests per second" measured={data.howMeasured.service} n={n} window={range}>
          <TimeSeriesChart
            {...wall}
            label="Requests per second by outcome"
            unit="/s"
            series={requestLines(data, Date.parse(data.to))}
            signed={signedLines(data, ["ceiling"])}
            height={160}
          />
        </ChartPanel>
        <ChartPanel title="Availability" measured={data.howMeasured.service} n={n} window={range}>
          <TimeSeriesChart
            {...wall}
            label="Share of requests answered"
            unit="ratio"
            series={availabilityLines(data)}
            signed={signedLines(data, ["success_ratio"])}
            height={160}
          />
        </ChartPanel>
      </Halves>
      <QualityCharts data={data} />
    </Stack>
  );
}

const QUALITY = [
  { metric: "calibrationError", clause: "calibration_error", title: "Calibration error by event day" },
  { metric: "auc", clause: "auc", title: "AUC by event day" },
  { metric: "logLoss", clause: "log_loss", title: "Log loss by event day" },
  { metric: "accuracy", clause: "accuracy", title: "Accuracy by event day" },
] as const;

function QualityCharts({ data }: { readonly data: EndpointSeries }) {
  const range = qualityRange(data);
  if (!range) {
    return (
      <Panel title="Quality by event day">
        <EmptyState title="No labelled rows yet">
          Quality is measured when ground truth arrives: POST /api/v1/ground-truth.
        </EmptyState>
      </Panel>
    );
  }
  const labelled = data.quality.reduce((sum, day) => sum + day.labelled, 0);
  const scored = data.quality.reduce((sum, day) => sum + day.scored, 0);
  const coverage = `labels ${formatPercent(scored ? labelled / scored : 0)} complete · n ${formatCount(labelled)}`;
  const days: Pick<TimeSeriesChartProps, "from" | "to" | "bucketMs" | "syncId" | "unfinishedFrom"> = {
    from: range.from,
    to: range.to,
    bucketMs: DAY_MS,
    syncId: "event",
    ...(range.unfinishedFrom !== undefined && { unfinishedFrom: range.unfinishedFrom }),
  };
  return (
    <Halves>
      {QUALITY.map(({ metric, clause, title }) => (
        <ChartPanel key={metric} title={title} measured={data.howMeasured.quality} n={labelled} window="event days">
          <TimeSeriesChart
            {...days}
            label={title}
            unit={clause === "accuracy" ? "ratio" : ""}
            series={qualityLines(data, metric, "realised")}
            signed={signedLines(data, [clause])}
            note={coverage}
            height={150}
          />
        </ChartPanel>
      ))}
    </Halves>
  );
}

type ChartPanelProps = {
  readonly title: string;
  readonly measured: Measured;
  readonly n: number;
  readonly window: string;
  readonly children: React.ReactNode;
};

function ChartPanel({ title, measured, n, window, children }: ChartPanelProps) {
  return (
    <Panel
      title={title}
      aside={
        <HowMeasured
          of={title}
          probe={measured.probe}
          window={window}
          n={formatCount(n)}
          more={[
            ["Method", measured.method],
            ["Source", measured.source],
            ["Query", measured.query],
          ]}
        />
      }
    >
      {children}
    </Panel>
  );
}
