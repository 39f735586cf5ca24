import type { ReactNode } from "react";
import { Digest } from "@/components/ui/digest";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatCount, formatDuration, formatNumber } from "@/lib/format";
import type { Hardware, LoadCurve } from "@/lib/serving/load-curve";

type Props = {
  readonly curve: LoadCurve;
  /** Digest of the evidence. */
  readonly digest: string;
};

/** How a curve was measured: on what, by what, when, under which settings. */
export function LoadCurveFacts({ curve, digest }: Props) {
  const { hardware, tool, kind, target, tier, runId, startedAt, endedAt, settings, rowsPerRequest } = curve;
  return (
    <MeasuredFacts
      facts={[
        [
          kind === "measured" ? "Measured" : "Attested",
          <>
            <RelativeTime at={endedAt} /> by {tool},{" "}
            {kind === "measured" ? "open loop" : "handed in and not verified here"}, within{" "}
            {formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}, on {target}/{tier}
          </>,
        ],
        ["Hardware", hardware ? hardwareWords(hardware) : "not stated"],
        [
          "Settings",
          `${settingsWords(settings)} · ${rowsPerRequest} ${rowsPerRequest === 1 ? "row" : "rows"} per request`,
        ],
        [
          "Run",
          <span key="run" className="num">
            {runId}
          </span>,
        ],
        ["Evidence", <Digest key="digest" value={digest} />],
      ]}
    />
  );
}

/** What stands behind evidence, small, under it. */
export function MeasuredFacts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 border-t px-4 py-2.5 text-sm">
      {facts.map(([term, text]) => (
        <div key={term} className="contents">
          <dt className="text-muted">{term}</dt>
          <dd className="wrap-anywhere">{text}</dd>
        </div>
      ))}
    </dl>
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
  const queue = queueRows === null ? [] : [`${formatCount(queueRows)} rows may wait`];
  const mode = threadMode === null ? [] : [threadMode === "inline" ? "model in the event loop" : "model in a thread"];
  return [batches, ...queue, ...mode].join(" · ");
}
