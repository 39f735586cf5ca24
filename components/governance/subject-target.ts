import type { HistoryEvent } from "@/lib/governance/use-case-history";

export type SubjectTarget = { readonly href: string; readonly label: string };

/** The page of what an event is about, and how it is called there; null where it has none. */
export function subjectTarget({
  subjectType,
  subject,
}: Pick<HistoryEvent, "subjectType" | "subject">): SubjectTarget | null {
  const [first = "", second = ""] = subject.split("/");
  const targets: Readonly<Record<string, SubjectTarget>> = {
    use_case: { href: `/use-cases/${subject}`, label: subject },
    contract: { href: `/use-cases/${first}/contract/${second}`, label: `v${second}` },
    promotion: { href: `/promotions/${subject}`, label: `promotion ${subject}` },
    endpoint: { href: `/endpoints/${subject}`, label: subject },
    clause: { href: `/endpoints/${first}`, label: `${second} on ${first}` },
  };
  return targets[subjectType] ?? null;
}
