import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { SessionSummary } from "@/lib/auth/sessions";
import { deviceName } from "./device-name";
import { RevokeSessionButton } from "./revoke-session-button";

/** The open sessions of the signed-in person. */
export function SessionsTable({ sessions }: { readonly sessions: readonly SessionSummary[] }) {
  return (
    <Table label="Your sessions" minWidth={620}>
      <Thead>
        <Th>Browser</Th>
        <Th>Signed in</Th>
        <Th>Last seen</Th>
        <Th>Ends</Th>
        <Th>
          <span className="sr-only">Revoke</span>
        </Th>
      </Thead>
      <Tbody>
        {sessions.map(({ id, userAgent, createdAt, lastSeenAt, expiresAt, current }) => (
          <Tr key={id}>
            <Td>
              <span title={userAgent ?? undefined}>{deviceName(userAgent)}</span>{" "}
              {current && <Badge tone="accent">this one</Badge>}
              {current && <Sub>Revoking it signs you out here.</Sub>}
            </Td>
            {[createdAt, lastSeenAt, expiresAt].map((at, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: three fixed columns
              <Td key={index} className="whitespace-nowrap text-muted">
                <RelativeTime at={at} />
              </Td>
            ))}
            <Td className="text-right">
              <RevokeSessionButton id={id} device={current ? "this browser" : deviceName(userAgent)} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
