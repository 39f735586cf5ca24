import Link from "next/link";
import { subjectTarget } from "@/components/governance/subject-target";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { HistoryEvent } from "@/lib/governance/use-case-history";

/** What happened last, over all use cases. */
export function RecentChangesPanel({ changes }: { readonly changes: readonly HistoryEvent[] }) {
  return (
    <Panel title="Recent changes" aside="newest first">
      {changes.length === 0 && <PanelBody className="text-muted">Nothing has happened yet.</PanelBody>}
      {changes.map((change) => {
        const href = subjectTarget(change)?.href;
        return (
          <PanelRow key={change.id} sub={subOf(change)} value={<RelativeTime at={change.at} />}>
            {href ? (
              <Link href={href} className="hover:underline">
                {change.what}
              </Link>
            ) : (
              change.what
            )}
          </PanelRow>
        );
      })}
    </Panel>
  );
}

/** Who did it, and on what where the sentence does not name it. */
function subOf({ actor, subjectType, subject, what }: HistoryEvent): string {
  if (subjectType === "promotion" || what.includes(subject)) return actor;
  return `${actor} · ${subject.split("/")[0]}`;
}
