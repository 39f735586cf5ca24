import { Panel, PanelRow } from "@/components/ui/panel";
import type { Promotion } from "@/lib/governance/schema";

/** Who takes no part in this decision, and why. */
export function ExcludedPanel({ promotion }: { readonly promotion: Promotion }) {
  const why = {
    requester: "requester",
    registrar: `registered ${promotion.model} v${promotion.version}`,
  } as const;
  return (
    <Panel title="Excluded by separation of duties">
      {promotion.excluded.map((each) => (
        <PanelRow key={each.why} value={why[each.why]}>
          {each.email}
        </PanelRow>
      ))}
    </Panel>
  );
}
