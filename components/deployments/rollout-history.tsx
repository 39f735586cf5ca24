import { EmptyState } from "@/components/ui/empty-state";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { RolloutEventView, RolloutView } from "@/lib/deployments/rollout-schema";
import { formatCount } from "@/lib/format";
import { EVENT_WORDS, guardNumber } from "./rollout-words";

/** What happened, the newest first: by whom, why, and what was seen at that moment. */
export function RolloutHistory({ events }: Pick<RolloutView, "events">) {
  return (
    <Panel title="History" aside="also in the audit log">
      {events.length === 0 ? (
        <EmptyState title="Nothing has happened yet" />
      ) : (
        <Table label="History" minWidth={640}>
          <Thead>
            <Th>When</Th>
            <Th>What</Th>
            <Th numeric>Share, %</Th>
            <Th numeric>Samples</Th>
            <Th>Why</Th>
            <Th>Who</Th>
          </Thead>
          <Tbody>
            {events.map((event) => (
              <EventRow key={`${event.at} ${event.kind}`} event={event} />
            ))}
          </Tbody>
        </Table>
      )}
    </Panel>
  );
}

function EventRow({ event }: { readonly event: RolloutEventView }) {
  const { at, kind, percent, samples, reason, actor, guards } = event;
  const broken = guards.filter(({ state }) => state === "broken");
  return (
    <Tr>
      <Td className="whitespace-nowrap">
        <RelativeTime at={at} />
      </Td>
      <Td className="whitespace-nowrap">{EVENT_WORDS[kind]}</Td>
      <Td numeric>{percent}</Td>
      <Td numeric>{formatCount(samples)}</Td>
      <Td className="min-w-56 wrap-anywhere">
        {reason}
        {broken.map(({ id, label, value, limit, unit }) => (
          <Sub key={id}>
            {label}: {guardNumber(value, unit)}, limit {guardNumber(limit, unit)}
          </Sub>
        ))}
      </Td>
      <Td className="wrap-anywhere">{actor}</Td>
    </Tr>
  );
}
