import { Fact, Facts } from "@/components/ui/facts";
import { Stack } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { BurnWindow, EndpointSlo } from "@/lib/monitoring/slo-view";
import { BudgetPanel } from "./slo-budget";
import { burnWords, byReason, leftShort } from "./slo-numbers";

/** Every clause with an error budget, the one with the least left first; and the clauses that have none. */
export function SloView({ slo }: { readonly slo: EndpointSlo }) {
  const { budgets, withoutBudget, channels, notice, endpoint } = slo;
  return (
    <>
      {notice && <Notice title={notice} className="mb-4" />}
      {channels === 0 && budgets.length > 0 && (
        <Notice tone="risk" title="Nobody would be told of a page on this endpoint" className="mb-4">
          No enabled channel takes its alerts. Add one under Settings, or run{" "}
          <span className="num">npx proviso alert channel add</span>.
        </Notice>
      )}
      {budgets.length > 0 && <SloFacts slo={slo} />}
      <Stack>
        {budgets.map((budget) => (
          <BudgetPanel key={budget.clause} budget={budget} />
        ))}
        {withoutBudget.length > 0 && (
          <Panel title="Clauses without an error budget" aside={`their state in the ledger of ${endpoint} alerts`}>
            {byReason(withoutBudget).map(({ reason, items }) => (
              <PanelRow key={reason} sub={reason}>
                {items.map(({ name }) => name).join(", ")}
              </PanelRow>
            ))}
          </Panel>
        )}
      </Stack>
    </>
  );
}

function SloFacts({ slo: { budgets, firing, channels, contract, useCase, at } }: { readonly slo: EndpointSlo }) {
  const least = budgets[0];
  const burning = fastest(budgets.flatMap(({ burns }) => burns));
  const next = budgets.find(({ exhaustion }) => exhaustion !== null)?.exhaustion;
  return (
    <Facts>
      <Fact label="Least budget" value={least ? leftShort(least) : "—"} note={least && `left, ${least.name}`} />
      <Fact
        label="Fastest burn now"
        value={burning ? burnWords(burning) : "—"}
        note={burning && `in ${burning.label}`}
      />
      <Fact
        label="Spent at that burn"
        value={next ? <RelativeTime at={next.at} /> : "not in sight"}
        note={next ? `last ${next.window}` : undefined}
      />
      <Fact label="Alerts firing" value={firing} note={`${channels} ${channels === 1 ? "channel" : "channels"} told`} />
      <Fact label="Contract" value={contract ? `v${contract.number}` : "none"} note={useCase.name} />
      <Fact label="As of" value={<RelativeTime at={at} />} />
    </Facts>
  );
}

function fastest(burns: readonly BurnWindow[]): BurnWindow | undefined {
  return burns
    .filter(({ n }) => n > 0)
    .reduce<BurnWindow | undefined>((a, b) => (a && a.burn >= b.burn ? a : b), undefined);
}
