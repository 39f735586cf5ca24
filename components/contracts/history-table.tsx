import Link from "next/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { HistoryEvent } from "@/lib/governance/use-case-history";

/** What happened, newest first. */
export function HistoryTable({ events }: { readonly events: readonly HistoryEvent[] }) {
  return (
    <Table label="History" minWidth={640}>
      <Thead>
        <Th>When</Th>
        <Th>What</Th>
        <Th>Subject</Th>
        <Th>Who</Th>
      </Thead>
      <Tbody>
        {events.map((event) => (
          <Tr key={event.id}>
            <Td className="whitespace-nowrap text-muted">
              <RelativeTime at={event.at} />
            </Td>
            <Td className="max-w-120">
              {event.what}
              {event.comment && <Sub>{event.comment}</Sub>}
            </Td>
            <Td>
              <SubjectLink event={event} />
            </Td>
            <Td>{event.actor}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function SubjectLink({ event: { subjectType, subject } }: { readonly event: HistoryEvent }) {
  const [first = "", second = ""] = subject.split("/");
  const targets: Readonly<Record<string, { readonly href: string; readonly label: string }>> = {
    use_case: { href: `/use-cases/${subject}`, label: subject },
    contract: { href: `/use-cases/${first}/contract/${second}`, label: `v${second}` },
    promotion: { href: `/promotions/${subject}`, label: `promotion ${subject}` },
    endpoint: { href: `/endpoints/${subject}`, label: subject },
    clause: { href: `/endpoints/${first}`, label: `${second} on ${first}` },
  };
  const target = targets[subjectType];
  if (!target) return subject;
  return (
    <Link href={target.href} className="num link">
      {target.label}
    </Link>
  );
}
