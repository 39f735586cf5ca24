import {
  BellOff,
  BellRing,
  Check,
  CircleCheck,
  GitCommitHorizontal,
  OctagonAlert,
  Send,
  TriangleAlert,
} from "lucide-react";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { offsetOf } from "./incident-numbers";

const LOOK: Readonly<Record<string, { readonly icon: typeof Check; readonly colour: string; readonly word: string }>> =
  {
    opened: { icon: OctagonAlert, colour: "text-breach", word: "Began" },
    delivered: { icon: Send, colour: "text-muted", word: "Told" },
    delivery_failed: { icon: TriangleAlert, colour: "text-risk", word: "Not told" },
    acknowledged: { icon: Check, colour: "text-accent", word: "Acknowledged" },
    silenced: { icon: BellOff, colour: "text-muted", word: "Silenced" },
    silence_ended: { icon: BellRing, colour: "text-muted", word: "Silence ended" },
    change: { icon: GitCommitHorizontal, colour: "text-accent", word: "Changed" },
    resolved: { icon: CircleCheck, colour: "text-met", word: "Resolved" },
  };
const OTHER = { icon: GitCommitHorizontal, colour: "text-muted", word: "Then" };

/** What happened, from the hour before it began. */
export function TimelinePanel({ alert: { timeline, startedAt, source } }: { readonly alert: AlertDetail }) {
  return (
    <Panel title="Timeline" aside="oldest first">
      <ol className="grid gap-3 px-4 py-3">
        {timeline.map(({ at, kind, label, by }) => {
          const { icon: Icon, colour, word } = LOOK[kind] ?? OTHER;
          return (
            <li key={`${at} ${kind} ${label}`} className="flex gap-2.5">
              <Icon aria-hidden className={`mt-0.75 size-3.5 shrink-0 ${colour}`} />
              <div className="min-w-0 flex-1 wrap-anywhere">
                <p className="flex justify-between gap-3">
                  <span className="font-medium">{word}</span>
                  <RelativeTime at={at} className="shrink-0 text-sm text-muted" />
                </p>
                <p className="text-sm">{label}</p>
                <p className="text-xs text-muted">
                  {kind !== "opened" && offsetOf(at, startedAt)}
                  {by && by !== source && ` · ${by}`}
                </p>
              </div>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
