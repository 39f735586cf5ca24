import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { HowMeasured } from "@/components/ui/how-measured";
import { Panel } from "@/components/ui/panel";
import { formatCount } from "@/lib/format";
import type { EndpointDrift } from "@/lib/monitoring/drift-view";
import { hrefWith } from "@/lib/query-string";
import { period } from "./drift-baseline";
import { DRIFT_FILTERS, DRIFT_SORTS, type DriftFilter, type DriftSort, shownFeatures } from "./drift-numbers";
import { DriftTable } from "./drift-table";

type Props = { readonly drift: EndpointDrift; readonly filter: DriftFilter; readonly sort: DriftSort };

const FILTER_WORDS = { all: "All", changed: "Changed", beyond: "Beyond its limit" } as const;

/** The score and every feature of the window beside the reference. */
export function DriftFeatures({ drift, filter, sort }: Props) {
  const { features, prediction, baseline, window, test } = drift;
  if (!baseline || features.length === 0) return null;
  const path = `/endpoints/${drift.endpoint}/drift`;
  const shown = shownFeatures(features, filter, sort);
  const hrefs = Object.fromEntries(DRIFT_SORTS.map((each) => [each, hrefWith(path, { show: filter, sort: each })]));
  const reference = period(baseline);
  const measured = (
    <HowMeasured
      of="Drift"
      probe="every live row, counted in the frozen bins of the reference when it is answered"
      window={window ? period(window) : "none"}
      n={formatCount(window?.rows ?? 0)}
      more={[
        ["Changed?", `two-sample test (KS; chi-squared for categories), corrected over ${features.length} features`],
        ["How much?", "D: largest distance of the distribution functions; TV: half the sum of differences of shares"],
        ["Interval", "95 %, corrected for the bias of a largest distance; of this window, not of next week"],
        ["Does it matter?", "log loss that shuffling the feature costs (permutation importance) times the effect"],
        ["Limit", test.learned ? "learned from the weeks of the reference" : "given in the contract"],
        ["Query", "lib/clickhouse/drift-days"],
      ]}
    />
  );
  return (
    <>
      {prediction && (
        <Panel title="Predictions" aside={measured}>
          <DriftTable label="Predictions beside the reference" columns={[prediction]} reference={reference} />
        </Panel>
      )}
      <Panel
        title="Features"
        aside={
          <nav aria-label="Filter of features" className="flex gap-3">
            {DRIFT_FILTERS.map((each) => (
              <Link
                key={each}
                href={hrefWith(path, { show: each, sort })}
                aria-current={each === filter ? "true" : undefined}
                className={cn("hover:text-fg", each === filter && "font-medium text-fg underline underline-offset-4")}
                scroll={false}
              >
                {FILTER_WORDS[each]}
              </Link>
            ))}
          </nav>
        }
      >
        {shown.length > 0 ? (
          <DriftTable
            label="Features beside the reference"
            columns={shown}
            sort={{ current: sort, hrefs: hrefs as Record<DriftSort, string> }}
            reference={reference}
          />
        ) : (
          <EmptyState title={filter === "beyond" ? "No feature is beyond its limit" : "No feature has changed"} />
        )}
      </Panel>
    </>
  );
}
