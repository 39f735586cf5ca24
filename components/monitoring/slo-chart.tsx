"use client";

import { TimeSeriesChart } from "@/components/charts/time-series-chart";
import { formatDuration } from "@/lib/format";
import type { ErrorBudget } from "@/lib/monitoring/slo-view";
import { leftLine } from "./slo-numbers";

const SPENT = [{ label: "budget spent", value: 0, worse: "down" as const }];

/** What was left of a window that ended at each moment. */
export function BudgetChart({ budget }: { readonly budget: ErrorBudget }) {
  const { points, bucketMs } = leftLine(budget);
  const from = points[0]?.at;
  const to = points.at(-1)?.at;
  if (from === undefined || to === undefined || from === to) return null;
  return (
    <TimeSeriesChart
      label={`Budget left of ${budget.name}`}
      unit="ratio"
      from={from}
      to={to}
      bucketMs={bucketMs}
      series={[{ name: "budget left", points }]}
      signed={SPENT}
      note={`of the ${formatDuration(budget.window.seconds * 1000)} before each moment`}
      height={130}
    />
  );
}
