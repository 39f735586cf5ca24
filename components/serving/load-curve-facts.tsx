import { Digest } from "@/components/ui/digest";
import { PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatDuration, formatNumber } from "@/lib/format";
import type { Hardware, LoadCurve } from "@/lib/serving/load-curve";

type Props = {
  readonly curve: LoadCurve;
  /** Digest of the evidence; null: the curve is not stored as evidence. */
  readonly digest: string | null;
};

/** How a curve was measured: on what, by what, when, under which settings. */
export function LoadCurveFacts({ curve, digest }: Props) {
  const { hardware, tool, kind, target, tier, runId, startedAt, endedAt, settings, rowsPerRequest } = curve;
  return (
    <div className="border-t">
      <PanelRow
        sub={kind === "measured" ? "measured by the portal, open loop" : "attested: handed in, not verified here"}
        value={<RelativeTime at={endedAt} />}
      >
        {tool} · {target}/{tier} · {formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}
      </PanelRow>
      <PanelRow sub="hardware">{hardware ? hardwareWords(hardware) : "not stated"}</PanelRow>
      <PanelRow sub="settings">
        {settingsWords(settings)} · {rowsPerRequest} {rowsPerRequest === 1 ? "row" : "rows"} per request
      </PanelRow>
      <PanelRow sub="run" value={digest && <Digest value={digest} />}>
        <span className="num">{runId}</span>
      </PanelRow>
    </div>
  );
}

/** "AMD EPYC 9B14 · 2 cores · 8.3 GB · linux 6.1" */
export function hardwareWords({ cpu, cores, memoryBytes, os }: Hardware): string {
  return `${cpu} · ${cores} ${cores === 1 ? "core" : "cores"} · ${formatBytes(memoryBytes)} · ${os}`;
}

function settingsWords({ batching, queueRows, threadMode }: LoadCurve["settings"]): string {
  const batches =
    batching && batching.maxDelayMs > 0
      ? `batches of at most ${batching.maxRows} rows within ${formatNumber(batching.maxDelayMs)} ms`
      : "no delay for batches";
  const queue = queueRows === null ? [] : [`${formatNumber(queueRows)} rows may wait`];
  const mode = threadMode === null ? [] : [threadMode === "inline" ? "model in the event loop" : "model in a thread"];
  return [batches, ...queue, ...mode].join(" · ");
}
