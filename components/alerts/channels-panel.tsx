import type { ReactNode } from "react";
import { ClauseState } from "@/components/ui/clause-state";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { Channel } from "@/lib/monitoring/alert-view";
import type { Page } from "@/lib/page";
import { hrefWith } from "@/lib/query-string";
import { deliveryLook } from "./alert-words";
import { ChannelActions } from "./channel-actions";
import { ADD_COMMAND } from "./channel-notice";
import { answerWords, CHANNEL_WORDS } from "./channel-words";

type Props = {
  readonly page: Page<Channel>;
  readonly cursor: string | null;
  /** Why this person may not change them; null: they may. */
  readonly reason: string | null;
  readonly add: ReactNode;
};

/** Where alerts are sent, and whether the last one arrived. */
export function ChannelsPanel({ page: { items, nextCursor }, cursor, reason, add }: Props) {
  return (
    <Panel title="Channels" aside="by name">
      {items.length === 0 ? (
        <EmptyState title="No channel yet" command={ADD_COMMAND} action={add}>
          A channel takes alerts of every endpoint or of one, and has an owner who answers for it.
        </EmptyState>
      ) : (
        <Table label="Channels" minWidth={960}>
          <Thead>
            <Th>Channel</Th>
            <Th>Takes</Th>
            <Th>Owner</Th>
            <Th>State</Th>
            <Th>Last message</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </Thead>
          <Tbody>
            {items.map((channel) => (
              <Row key={channel.id} channel={channel} reason={reason} />
            ))}
          </Tbody>
        </Table>
      )}
      {(cursor || nextCursor) && (
        <Pagination
          summary={`${items.length} channels`}
          firstHref={cursor ? "/settings/alerts" : undefined}
          nextHref={nextCursor ? hrefWith("/settings/alerts", { cursor: nextCursor }) : undefined}
        />
      )}
    </Panel>
  );
}

function Row({ channel, reason }: { readonly channel: Channel; readonly reason: string | null }) {
  const { name, kind, url, severity, endpoint, owner, enabled, last, pending } = channel;
  return (
    <Tr>
      <Td className="max-w-72 wrap-anywhere">
        <span className="font-medium">{name}</span>
        <Sub>
          {CHANNEL_WORDS[kind].label} · {url}
        </Sub>
      </Td>
      <Td>
        {severity === "page" ? "only pages" : "pages and tickets"}
        <Sub>of {endpoint ?? "every endpoint"}</Sub>
      </Td>
      <Td className="max-w-48 wrap-anywhere">{owner}</Td>
      <Td>
        <ClauseState state={enabled ? "met" : "unproven"} word={enabled ? "Enabled" : "Disabled"} />
        {pending > 0 && <Sub>{pending} on their way</Sub>}
      </Td>
      <Td className="max-w-64 wrap-anywhere">
        {last ? (
          <>
            <ClauseState {...deliveryLook(last.state)} />
            <Sub>
              {answerWords(last)}, <RelativeTime at={last.at} />
            </Sub>
          </>
        ) : (
          <span className="text-muted">none yet</span>
        )}
      </Td>
      <Td>
        <ChannelActions channel={channel} reason={reason} />
      </Td>
    </Tr>
  );
}
