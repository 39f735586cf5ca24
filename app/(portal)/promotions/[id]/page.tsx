import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RolloutOnPromotion } from "@/components/deployments/rollout-on-promotion";
import { DecisionPanel } from "@/components/governance/decision-panel";
import { DecisionsPanel } from "@/components/governance/decisions-panel";
import { evidenceLinks } from "@/components/governance/evidence-links";
import { ExcludedPanel } from "@/components/governance/excluded-panel";
import { GatePanel } from "@/components/governance/gate-panel";
import { OutcomeNotice } from "@/components/governance/outcome-notice";
import { PromotionHeader } from "@/components/governance/promotion-header";
import { SlotsPanel } from "@/components/governance/slots-panel";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { WithAside } from "@/components/ui/layout";
import { Panel, PanelBody } from "@/components/ui/panel";
import { getEndpointRollout } from "@/lib/deployments/queries/rollouts";
import { getPromotion } from "@/lib/governance/queries/promotions";
import { read } from "@/lib/read";
import { ChangesSection } from "./changes-section";

export const metadata: Metadata = { title: "Promotion" };

export default async function PromotionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!/^\d{1,9}$/.test(id)) notFound();
  const result = await read(getPromotion, { id });
  if (!result.ok) return <Refusal failure={result.error} />;
  const promotion = result.data;
  const open = ["in_review", "approved", "rolling_out", "applying"].includes(promotion.state);
  const rollout = await read(getEndpointRollout, { name: promotion.endpoint });
  return (
    <>
      {open && <AutoRefresh everyMs={promotion.state === "in_review" ? 15_000 : 2000} />}
      <PromotionHeader promotion={promotion} />
      <OutcomeNotice promotion={promotion} />
      {rollout.ok && <RolloutOnPromotion promotion={promotion.id} initial={rollout.data} />}
      <WithAside
        aside={
          <>
            {promotion.state === "in_review" && <DecisionPanel promotion={promotion} />}
            <SlotsPanel promotion={promotion} />
            <DecisionsPanel decisions={promotion.decisions} />
            <ExcludedPanel promotion={promotion} />
          </>
        }
      >
        <GatePanel
          gate={promotion.gate}
          when={open ? "evaluated now, at the last approval and when applied" : "as of the decision"}
          evidence={evidenceLinks(promotion)}
        />
        <ChangesSection promotion={promotion} />
        <Panel title="Request">
          <PanelBody className="whitespace-pre-wrap wrap-anywhere">{promotion.comment}</PanelBody>
        </Panel>
      </WithAside>
    </>
  );
}
