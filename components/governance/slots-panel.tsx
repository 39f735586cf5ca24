import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Promotion } from "@/lib/governance/schema";
import { SLOT_WORDS, SlotState } from "./slot-state";

/** Each slot with who filled it, or who could. */
export function SlotsPanel({ promotion }: { readonly promotion: Promotion }) {
  const open = promotion.state === "in_review";
  return (
    <Panel title="Slots">
      {promotion.slots.map(({ slot, state, by, at }) => (
        <PanelRow
          key={slot}
          value={<SlotState state={state} />}
          sub={
            by && at ? (
              <>
                {by}, <RelativeTime at={at} />
              </>
            ) : (
              open && whoCould(promotion.candidates[slot])
            )
          }
        >
          {SLOT_WORDS[slot]}
        </PanelRow>
      ))}
    </Panel>
  );
}

function whoCould(people: readonly string[]): string {
  if (people.length === 0) return "nobody could fill it";
  const rest = people.length > 3 ? ` and ${people.length - 3} more` : "";
  return `could be filled by ${people.slice(0, 3).join(", ")}${rest}`;
}
