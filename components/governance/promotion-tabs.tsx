import { Tabs } from "@/components/ui/tabs";
import { OPEN_STATES, PROMOTION_STATES } from "@/lib/governance/promotion-state";
import { hrefWith } from "@/lib/query-string";
import { stateWord } from "./promotion-state-badge";

const ENDED = PROMOTION_STATES.filter((state) => !OPEN_STATES.includes(state));

/** Promotions by state: the open ones first. `state` is the parameter of the address, absent for all. */
export function PromotionTabs({ state, endpoint }: { readonly state?: string; readonly endpoint?: string }) {
  const href = (of?: string) => hrefWith("/promotions", { state: of, endpoint });
  const tabs = [
    { href: href(), label: "All" },
    { href: href("open"), label: "Open" },
    ...ENDED.map((each) => ({ href: href(each), label: stateWord(each) })),
  ];
  return <Tabs label="State" tabs={tabs} current={href(state)} />;
}
