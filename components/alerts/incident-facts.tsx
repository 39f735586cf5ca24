import { Fact, Facts } from "@/components/ui/facts";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { isForeign, toldLook } from "./alert-words";
import { budgetWords, lasted } from "./incident-numbers";

/** The strip under the title. */
export function IncidentFacts({ alert }: { readonly alert: AlertDetail }) {
  const { acknowledged, startedAt, lastSeenAt, resolvedAt, deliveries, source } = alert;
  const told = isForeign(alert) ? { word: `by ${source}`, note: null } : toldLook(deliveries);
  const budget = budgetWords(alert);
  return (
    <Facts>
      <Fact label="Began" value={<RelativeTime at={startedAt} />} />
      {resolvedAt ? (
        <Fact
          label="Lasted"
          value={lasted(alert)}
          note={
            <>
              ended <RelativeTime at={resolvedAt} />
            </>
          }
        />
      ) : (
        <Fact label="Last seen" value={<RelativeTime at={lastSeenAt} />} />
      )}
      <Fact
        label="Acknowledged"
        value={acknowledged ? <RelativeTime at={acknowledged.at} /> : resolvedAt ? "nobody had it" : "nobody has it"}
        note={acknowledged?.by}
      />
      <Fact label="Told" value={told.word} note={told.note} />
      <Fact label={alert.state === "firing" ? "Budget" : "Budget spent"} value={budget.value} note={budget.note} />
    </Facts>
  );
}
