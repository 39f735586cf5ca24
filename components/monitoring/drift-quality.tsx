import type { Change } from "@/components/charts/series";
import { TimeSeriesChart, type TimeSeriesChartProps } from "@/components/charts/time-series-chart";
import { EmptyState } from "@/components/ui/empty-state";
import { Halves } from "@/components/ui/layout";
import { Panel } from "@/components/ui/panel";
import { formatCount, formatDuration, formatPercent } from "@/lib/format";
import type { EndpointDrift, QualityWindow } from "@/lib/monitoring/drift-view";
import { DAY_MS } from "@/lib/time";
import { CalibrationChart } from "./drift-calibration";
import { signedLines } from "./endpoint-series";

type Props = { readonly drift: EndpointDrift };
type Read = (window: QualityWindow) => number | null | undefined;

/** Realised quality of the labelled rows beside what is estimated of all rows without labels, by seven event days. */
export function DriftQuality({ drift }: Props) {
  const { windows, labels, limits, labelDelayP95 } = drift.quality;
  const first = windows[0];
  const last = windows.at(-1);
  if (!first || !last) {
    return (
      <Panel title="Realised and estimated quality">
        <EmptyState title="Not seven event days yet">
          Quality is shown over whole weeks, so that no weekday is more in one window than in another. So far there{" "}
          {labels.length === 1 ? "is 1 day" : `are ${labels.length} days`}.
        </EmptyState>
      </Panel>
    );
  }
  const unfinished = windows.find((window) => window.unfinished);
  const axis = {
    from: Date.parse(first.day),
    to: Date.parse(last.day) + DAY_MS,
    bucketMs: DAY_MS,
    syncId: "drift",
    height: 170,
    ...(unfinished && { unfinishedFrom: Date.parse(unfinished.day) }),
  };
  const line = (name: string, read: Read, dashed = false) => ({
    name,
    dashed,
    points: windows.map((window) => ({ at: Date.parse(window.day), value: read(window) ?? null })),
  });
  const chart = (title: string, clause: string, series: TimeSeriesChartProps["series"], note: string) => (
    <Panel title={title} aside="7 event days ending with each">
      <TimeSeriesChart
        {...axis}
        label={title}
        unit=""
        series={series}
        signed={signedLines(drift, [clause])}
        note={note}
      />
    </Panel>
  );
  const n = `n ${formatCount(last.labelled)} of ${formatCount(last.scored)} labelled`;
  const estimated = windows.some((window) => window.estimated !== null);
  const withEstimate = (realised: Read, guess: Read) => [
    line("realised", realised),
    ...(estimated ? [line("estimated", guess, true)] : []),
  ];
  return (
    <div className="grid gap-4">
      <Halves>
        {chart(
          "AUC, realised and estimated",
          "auc",
          withEstimate(
            (w) => w.realised.auc?.value,
            (w) => w.estimated?.auc,
          ),
          n,
        )}
        {chart(
          "Brier score, realised and estimated",
          "brier",
          withEstimate(
            (w) => w.realised.brier?.value,
            (w) => w.estimated?.brier,
          ),
          n,
        )}
        {chart(
          "Calibration error, realised",
          "calibration_error",
          [line("realised", (w) => w.realised.calibrationError?.value)],
          "needs labels: nothing else can see it",
        )}
        {chart(
          "Observed over expected",
          "",
          [line("observed / expected", (w) => w.realised.observedToExpected)],
          "above 1 the model says too little",
        )}
      </Halves>
      <EstimateLimits limits={limits} estimated={estimated} />
      <Halves>
        <CalibrationChart bins={drift.quality.calibration} day={drift.quality.calibrationDay} />
        <LabelChart labels={labels} delay={labelDelayP95} signed={signedLines(drift, ["label_coverage"])} />
      </Halves>
    </div>
  );
}

function EstimateLimits({ limits, estimated }: { readonly limits: readonly string[]; readonly estimated: boolean }) {
  return (
    <div className="rounded-xl border bg-panel px-4 py-2.5 text-sm">
      <p className="font-medium">
        {estimated
          ? "What the estimate cannot see"
          : "Nothing is estimated: the version came without a labelled sample"}
      </p>
      <ul className="list-disc pl-4.5 text-muted">
        {limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
        <li>Intervals and points say what was true of this window, not what next week will be.</li>
      </ul>
      {!estimated && (
        <p className="pt-1 text-muted">
          Register the next version with one:{" "}
          <span className="num">npx proviso register --model NAME --dir DIR --evaluation-sample FILE</span>
        </p>
      )}
    </div>
  );
}

type LabelProps = {
  readonly labels: EndpointDrift["quality"]["labels"];
  readonly delay: EndpointDrift["quality"]["labelDelayP95"];
  readonly signed: NonNullable<TimeSeriesChartProps["signed"]>;
};

const LONGEST_S = 1000 * 3600;

/** A row without a label counts as the longest delay. */
function delayWords(seconds: number): string {
  return seconds >= LONGEST_S
    ? "more than 5 of 100 without a label"
    : `95 of 100 within ${formatDuration(seconds * 1000)}`;
}

const NO_CHANGES: readonly Change[] = [];

function LabelChart({ labels, delay, signed }: LabelProps) {
  const first = labels[0];
  const last = labels.at(-1);
  const growing = labels.find(({ unfinished }) => unfinished);
  const points = labels.map(({ day, scored, labelled }) => ({
    at: Date.parse(day),
    value: scored === 0 ? null : labelled / scored,
  }));
  const mature = labels.filter(({ unfinished }) => !unfinished);
  const [scored, labelled] = [
    mature.reduce((sum, day) => sum + day.scored, 0),
    mature.reduce((sum, day) => sum + day.labelled, 0),
  ];
  const aside = [
    scored > 0 && `${formatPercent(labelled / scored)} of rows whose label is due`,
    delay && delayWords(delay.value),
  ];
  return (
    <Panel title="Label coverage by event day" aside={aside.filter(Boolean).join(" · ")}>
      {first && last ? (
        <TimeSeriesChart
          label="Label coverage by event day"
          unit="ratio"
          from={Date.parse(first.day)}
          to={Date.parse(last.day) + DAY_MS}
          bucketMs={DAY_MS}
          series={[{ name: "labelled", points }]}
          signed={signed}
          changes={NO_CHANGES}
          height={200}
          {...(growing && { unfinishedFrom: Date.parse(growing.day) })}
        />
      ) : (
        <EmptyState title="No row yet">Labels are sent to POST /api/v1/ground-truth.</EmptyState>
      )}
    </Panel>
  );
}
