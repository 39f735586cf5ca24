import Link from "next/link";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { HistoryEvent } from "@/lib/governance/use-case-history";

/** The last steps in the life of a use case. */
export function RecentChanges({ slug, events }: { readonly slug: string; readonly events: readonly HistoryEvent[] }) {
  return (
    <Panel
      title="Changes"
      aside={
        <Link className="link" href={`/use-cases/${slug}/history`}>
          all
        </Link>
      }
    >
      {events.length === 0 && <PanelBody className="text-muted">Nothing happened yet.</PanelBody>}
      {events.map(({ id, what, actor, at }) => (
        <PanelRow key={id} sub={actor} value={<RelativeTime at={at} />}>
          {what}
        </PanelRow>
      ))}
    </Panel>
  );
}
