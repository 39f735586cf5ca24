import Link from "next/link";
import { subjectTarget } from "@/components/governance/subject-target";
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

function SubjectLink({ event }: { readonly event: HistoryEvent }) {
  const target = subjectTarget(event);
  if (!target) return event.subject;
  return (
    <Link href={target.href} className="num link">
      {target.label}
    </Link>
  );
}
