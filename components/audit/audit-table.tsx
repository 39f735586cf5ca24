import Link from "next/link";
import { subjectTarget } from "@/components/governance/subject-target";
import { ClauseState } from "@/components/ui/clause-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { AuditEvent } from "@/lib/audit/schema";
import { hrefWith } from "@/lib/query-string";
import { AuditChange } from "./audit-change";

/** Audit events, the newest first. Actor, action and subject lead to the events that share them. */
export function AuditTable({ events }: { readonly events: readonly AuditEvent[] }) {
  return (
    <Table label="Audit events" minWidth={860}>
      <Thead>
        <Th>When</Th>
        <Th>Actor</Th>
        <Th>Action</Th>
        <Th>Subject</Th>
        <Th>Outcome</Th>
        <Th>
          <span className="sr-only">Details</span>
        </Th>
      </Thead>
      <Tbody>
        {events.map((event) => (
          <Tr key={event.id}>
            <Td className="whitespace-nowrap text-muted">
              <RelativeTime at={event.at} />
            </Td>
            <Td>
              <FilterLink name="actor" value={event.actor} />
              <Sub>{event.actorKind}</Sub>
            </Td>
            <Td className="num">
              <FilterLink name="action" value={event.action} />
            </Td>
            <Td className="max-w-80 wrap-anywhere">
              {event.subject && <FilterLink name="subject" value={event.subject} />}
              <SubjectSub event={event} />
            </Td>
            <Td className="max-w-96">
              <ClauseState
                state={event.outcome === "done" ? "met" : "breached"}
                word={event.outcome === "done" ? "Done" : "Refused"}
              />
              {event.reason && <Sub>{event.reason}</Sub>}
            </Td>
            <Td className="text-right">
              <AuditChange event={event} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

/** What it is about, and the way to its page where it has one. */
function SubjectSub({ event: { subjectType, subject, action, after } }: { readonly event: AuditEvent }) {
  if (!subjectType) return null;
  const target = subject ? subjectTarget({ subjectType, subject, action, after }) : null;
  return (
    <Sub>
      {subjectType}
      {target && (
        <>
          {" · "}
          <Link href={target.href} aria-label={`Open ${subjectType} ${subject}`} className="link">
            open
          </Link>
        </>
      )}
    </Sub>
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

function FilterLink({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <Link href={hrefWith("/audit", { [name]: value })} title={value} className="hover:underline">
      {UUID.test(value) ? value.slice(0, 8) : value}
    </Link>
  );
}
