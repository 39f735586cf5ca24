import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { PanelRow } from "@/components/ui/panel";
import { formatNumber } from "@/lib/format";
import type { Alternative, Feasibility } from "@/lib/serving/alternatives";
import type { MonthlyPrice } from "@/lib/serving/price";

const STANDING: Readonly<Record<Alternative["standing"], { readonly state: ClauseStateName; readonly word: string }>> =
  {
    shown: { state: "met", word: "Shown to hold" },
    unmeasured: { state: "unproven", word: "Not measured" },
    impossible: { state: "breached", word: "Cannot" },
  };

type Props = Pick<Feasibility, "alternatives" | "priceNote"> & {
  /** Beside one that changes numbers: puts them into the document that is edited. */
  readonly action?: (alternative: Alternative) => React.ReactNode;
};

/** What could be promised instead, best first, each with its price. */
export function AlternativesList({ alternatives, priceNote, action }: Props) {
  return (
    <>
      <ol aria-label="Alternatives">
        {alternatives.map((each, index) => (
          <li key={each.kind} className="border-b last:border-b-0">
            <PanelRow
              sub={`${each.words}${each.price ? ` ${priceWords(each.price)}.` : ""}`}
              value={
                <span className="grid justify-items-end gap-1">
                  <ClauseState {...STANDING[each.standing]} />
                  {each.changes.length > 0 && action?.(each)}
                </span>
              }
            >
              <span className="num mr-1.5 text-muted">{index + 1}</span>
              {each.title}
            </PanelRow>
          </li>
        ))}
      </ol>
      {priceNote && <p className="border-t px-4 py-2 text-xs text-muted">{priceNote}</p>}
    </>
  );
}

/** "12.4 USD a month (276 core-hours)"; without a price book the work alone. */
export function priceWords({ cpuCoreHours, money }: MonthlyPrice): string {
  const hours = `${formatNumber(cpuCoreHours)} core-hours`;
  return money ? `${money.amount} ${money.currency} a month (${hours})` : `${hours} a month`;
}
