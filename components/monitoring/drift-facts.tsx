import { Fact, Facts } from "@/components/ui/facts";
import { formatDate, formatNumber } from "@/lib/format";
import type { EndpointDrift } from "@/lib/monitoring/drift-view";
import { driftHead } from "./drift-numbers";

/** The three questions, kept apart: a change need not be large, and a large one need not matter. */
export function DriftFacts({ drift }: { readonly drift: EndpointDrift }) {
  const { features, prediction, test, quality, window } = drift;
  const { tested, changed, beyond, furthest, heaviest } = driftHead(features);
  const newest = quality.windows.at(-1)?.estimated?.auc ?? null;
  const then = quality.reference?.auc ?? null;
  return (
    <Facts>
      <Fact
        label="Changed?"
        value={`${changed} of ${tested}`}
        note={`features, at ${formatNumber(test.alpha)} over all of them`}
      />
      <Fact
        label="How much?"
        value={`${beyond} beyond ${beyond === 1 ? "its limit" : "their limit"}`}
        note={
          furthest?.effect
            ? `most ${furthest.name}: ${formatNumber(furthest.effect.value)} of ${formatNumber(furthest.limit ?? Number.NaN)}`
            : undefined
        }
      />
      <Fact
        label="Does it matter?"
        value={newest === null ? "not known" : `AUC ${formatNumber(newest)}`}
        note={matterNote(newest, then, heaviest?.name ?? null)}
      />
      <Fact
        label="Prediction drift"
        value={formatNumber(prediction?.effect?.value ?? Number.NaN)}
        note={prediction?.limit ? `signed ${formatNumber(prediction.limit)}` : "nothing signed"}
      />
      <Fact
        label="Window"
        value={window ? `to ${formatDate(Date.parse(window.to) - 1)}` : "none"}
        note={
          window ? `${window.rows.toLocaleString("en-US")} rows from ${formatDate(Date.parse(window.from))}` : undefined
        }
      />
    </Facts>
  );
}

function matterNote(newest: number | null, then: number | null, heaviest: string | null): string {
  if (newest === null) return "no labelled sample came with the version";
  const was = then === null ? "" : `, ${formatNumber(then)} at the reference`;
  return `estimated without labels${was}${heaviest ? `; most at stake: ${heaviest}` : ""}`;
}
