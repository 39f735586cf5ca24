import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { Digest } from "@/components/ui/digest";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { DeviceState, EdgeDevice } from "@/lib/deployments/edge-device";

const LOOKS: Readonly<Record<DeviceState, { readonly state: ClauseStateName; readonly word: string }>> = {
  current: { state: "met", word: "As declared" },
  behind: { state: "at_risk", word: "Behind" },
  failed: { state: "breached", word: "Own test failed" },
  foreign: { state: "breached", word: "Another file" },
  silent: { state: "unproven", word: "Silent" },
};

/** Devices that run bundles of an endpoint: what each reported against what is declared. */
export function DeviceTable({ devices }: { readonly devices: readonly EdgeDevice[] }) {
  return (
    <Table label="Devices" minWidth={720}>
      <Thead>
        <Th>Device</Th>
        <Th>State</Th>
        <Th>Reported</Th>
        <Th>Declared</Th>
        <Th>Model file</Th>
        <Th>Heard</Th>
      </Thead>
      <Tbody>
        {devices.map((each) => (
          <Tr key={each.device}>
            <Td className="font-medium wrap-anywhere">{each.device}</Td>
            <Td>
              <ClauseState {...LOOKS[each.state]} />
              {each.reason && <Sub>{each.reason}</Sub>}
            </Td>
            <Td>
              {each.reported}
              <Sub>{each.runtime}</Sub>
            </Td>
            <Td>{each.declared ?? <span className="text-muted">nothing</span>}</Td>
            <Td>
              <Digest value={each.modelDigest} />
            </Td>
            <Td className="whitespace-nowrap text-muted">
              <RelativeTime at={each.reportedAt} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
