import { EmptyState } from "@/components/ui/empty-state";
import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { EndpointSeries } from "@/lib/monitoring/schema";

/** What changed on this endpoint, newest first: the same marks that the charts draw. */
export function ChangesPanel({ changes }: { readonly changes: EndpointSeries["changes"] }) {
  const newest = [...changes].sort((a, b) => b.at.localeCompare(a.at)).slice(0, 12);
  return (
    <Panel title="Changes">
      {newest.length === 0 && <EmptyState title="No change in this range" />}
      {newest.map(({ at, label }) => (
        <PanelRow key={`${at} ${label}`} value={<RelativeTime at={at} />}>
          {label}
        </PanelRow>
      ))}
    </Panel>
  );
}
