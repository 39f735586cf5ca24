import { ClauseState } from "@/components/ui/clause-state";
import { cn } from "@/components/ui/cn";
import { HowMeasured } from "@/components/ui/how-measured";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount, formatDuration, formatPercent, formatUtc } from "@/lib/format";
import type { ErrorBudget } from "@/lib/monitoring/slo-view";
import { AlertTable } from "./slo-alerts";
import { BudgetChart } from "./slo-chart";
import { burnWords, leftShare, leftWords, spentWords } from "./slo-numbers";

/** One clause: what is left of its budget, how fast it burns, when it is gone, and which alerts would say so. */
export function BudgetPanel({ budget }: { readonly budget: ErrorBudget }) {
  const { name, clause, state, reason, window, n, howMeasured } = budget;
  return (
    <Panel
      id={`budget-${clause}`}
      title={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {name}
          <span className="num text-xs font-normal text-muted">{clause}</span>
          {state && <ClauseState state={state} />}
        </span>
      }
      aside={
        <HowMeasured
          of={`error budget of ${name}`}
          probe={howMeasured.probe}
          window={`${formatDuration(window.seconds * 1000)}, ${formatUtc(Date.parse(window.from))} to ${formatUtc(Date.parse(window.to))}`}
          n={formatCount(n)}
          more={[
            ["Method", howMeasured.method],
            ["Source", howMeasured.source],
            ["Query", howMeasured.query],
            ...(budget.uncertain > 0
              ? [["Uncertain", `${formatCount(budget.uncertain)} requests at the limit itself count as kept`] as const]
              : []),
          ]}
        />
      }
    >
      <div className="grid gap-x-8 gap-y-4 px-4 py-3 aside:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="grid content-start gap-3">
          <Bar budget={budget} />
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
            <Line term="Promise">{budget.promise}</Line>
            <Line term="Budget">
              {formatPercent(budget.budget)} of requests in {formatDuration(window.seconds * 1000)}
            </Line>
            <Line term="Spent">{n === 0 ? (reason ?? "no traffic") : spentWords(budget)}</Line>
            <Line term="Outlook">
              {budget.outlook}
              {budget.exhaustion && (
                <>
                  {" "}
                  (<RelativeTime at={budget.exhaustion.at} />)
                </>
              )}
            </Line>
          </dl>
          {reason && n > 0 && <p className="text-sm text-muted">{reason}</p>}
        </div>
        <BurnWindows budget={budget} />
      </div>
      <div className="border-t">
        <BudgetChart budget={budget} />
      </div>
      <div className="border-t">
        <AlertTable alerts={budget.alerts} name={name} />
      </div>
    </Panel>
  );
}

function Line({ term, children }: { readonly term: string; readonly children: React.ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted">{term}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  );
}

function Bar({ budget }: { readonly budget: ErrorBudget }) {
  const share = leftShare(budget);
  const spent = budget.left !== null && budget.left <= 0;
  return (
    <div>
      <p className="text-lg font-medium tabular-nums">{leftWords(budget)}</p>
      <div
        aria-hidden
        className={cn("mt-1 h-2 overflow-hidden rounded-full border", spent ? "border-breach bg-breach-soft" : "bg-bg")}
      >
        <div
          className={cn("h-full", budget.state === "at_risk" || share < 0.5 ? "bg-risk" : "bg-met")}
          style={{ width: `${100 * share}%` }}
        />
      </div>
    </div>
  );
}

/** How fast it burns, window by window; 1× would just spend the budget. */
function BurnWindows({ budget: { burns, name } }: { readonly budget: ErrorBudget }) {
  return (
    <div className="min-w-0">
      <p className="text-xs font-medium text-muted">Burns now, by window (1× just spends the budget)</p>
      <ul aria-label={`Burn of ${name} by window`} className="mt-1.5 grid grid-cols-2 gap-px wide:grid-cols-5">
        {burns.map((each) => (
          <li key={each.label} className="min-w-0 py-1">
            <span className="block text-xs text-muted">{each.label}</span>
            <span className={cn("block text-lg font-medium tabular-nums", each.burn > 1 && "text-risk")}>
              {burnWords(each)}
            </span>
            <span className="block text-xs text-muted tabular-nums">
              {formatCount(each.bad)} of {formatCount(each.n)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
