import { z } from "zod";
import type { HistoryEvent } from "@/lib/governance/use-case-history";
import { hrefWith } from "@/lib/query-string";

export type SubjectTarget = { readonly href: string; readonly label: string };

type Event = Pick<HistoryEvent, "subjectType" | "subject"> & {
  readonly action?: string;
  /** Of the audit log: says which alert it was. */
  readonly after?: unknown;
};

/** The page of what an event is about, and how it is called there; null where it has none. */
export function subjectTarget(event: Event): SubjectTarget | null {
  const { subjectType, subject } = event;
  const [first = "", second = ""] = subject.split("/");
  const targets: Readonly<Record<string, SubjectTarget>> = {
    use_case: { href: `/use-cases/${subject}`, label: subject },
    contract: { href: `/use-cases/${first}/contract/${second}`, label: `v${second}` },
    promotion: { href: `/promotions/${subject}`, label: `promotion ${subject}` },
    endpoint: { href: `/endpoints/${subject}`, label: subject },
    clause: { href: `/endpoints/${first}`, label: `${second} on ${first}` },
    alert: alertTarget(event, first),
    alert_channel: { href: "/settings/alerts", label: subject },
  };
  return targets[subjectType] ?? null;
}

const ALERT_ID = z.object({ id: z.uuid() });
const OF_SILENCES = ["alert.silence", "alert.end_silence"];

function alertTarget({ action = "", subject, after }: Event, endpoint: string): SubjectTarget {
  if (OF_SILENCES.includes(action)) return { href: hrefWith("/settings/alerts", { endpoint }), label: subject };
  const alert = ALERT_ID.safeParse(after);
  const href = alert.success ? `/alerts/${alert.data.id}` : hrefWith("/alerts", { state: "all", endpoint });
  return { href, label: subject };
}
