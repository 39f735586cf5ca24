import { Panel, PanelRow } from "@/components/ui/panel";
import { formatCount, formatUtc } from "@/lib/format";
import type { EndpointSeries } from "@/lib/monitoring/schema";

/** The endpoint's event clock: up to when rows are known, and which rows do not count. */
export function ClockPanel({ clock }: { readonly clock: EndpointSeries["clock"] }) {
  return (
    <Panel
      title="Event clock"
      aside={clock.kind === "supplied" ? "supplied by the caller" : "receive time unless told"}
    >
      <PanelRow
        value={<span className="num">{clock.watermark ? formatUtc(Date.parse(clock.watermark)) : "none"}</span>}
      >
        Watermark
      </PanelRow>
      <PanelRow value={<span className="num">{formatCount(clock.rows)}</span>}>Rows</PanelRow>
      <PanelRow
        sub="their time lay ahead of the receive time"
        value={<span className="num">{formatCount(clock.clamped)}</span>}
      >
        Clamped
      </PanelRow>
      <PanelRow sub="stay out of event windows" value={<span className="num">{formatCount(clock.withoutTime)}</span>}>
        Without event time
      </PanelRow>
      <PanelRow sub="their row has not arrived" value={<span className="num">{formatCount(clock.labelsWaiting)}</span>}>
        Labels waiting
      </PanelRow>
    </Panel>
  );
}
