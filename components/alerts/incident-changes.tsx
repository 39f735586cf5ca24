import { Badge } from "@/components/ui/badge";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { mayBeWhy, offsetOf } from "./incident-numbers";

/** What changed in the week before: what changed just before it began may be why. */
export function IncidentChanges({ alert: { changes, startedAt } }: { readonly alert: AlertDetail }) {
  return (
    <Panel title="Last changes" aside="7 days before, and since">
      {changes.length === 0 && <PanelBody className="text-muted">Nothing changed: look outside of it.</PanelBody>}
      {changes.map(({ at, label }) => (
        <PanelRow key={`${at} ${label}`} sub={offsetOf(at, startedAt)} value={<RelativeTime at={at} />}>
          {label} {mayBeWhy(at, startedAt) && <Badge tone="accent">just before</Badge>}
        </PanelRow>
      ))}
    </Panel>
  );
}
