import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { ObservedSummary } from "@/lib/deployments/schema";
import type { ReadinessCheck } from "@/lib/inference/desired-state";

const STAGES: Readonly<Record<ReadinessCheck["stage"], string>> = {
  quota: "Quota",
  scheduling: "Scheduling",
  image: "Image",
  storage: "Model file",
  digest: "Digest",
  load: "Load",
  warm_up: "Warm-up",
  route: "Route",
};
const LOOKS: Readonly<Record<ReadinessCheck["state"], { state: ClauseStateName; word: string }>> = {
  passed: { state: "met", word: "Passed" },
  waiting: { state: "at_risk", word: "Waiting" },
  failed: { state: "breached", word: "Failed" },
  unknown: { state: "unproven", word: "Not yet" },
};

/** What has to be so before it answers, with what stands in the way and who says so. Nothing where the target does not tell. */
export function ReadinessPanel({ observed: { readiness, at } }: { readonly observed: ObservedSummary }) {
  if (readiness === null || readiness.length === 0) return null;
  return (
    <Panel title="On its way to answering" aside={at && <RelativeTime at={at} />}>
      <Table label="On its way to answering" minWidth={720}>
        <Thead>
          <Th>Stage</Th>
          <Th>State</Th>
          <Th>Since</Th>
          <Th>Seen, and what would help</Th>
          <Th>Who says so</Th>
        </Thead>
        <Tbody>
          {readiness.map(({ stage, state, since, reason, fix, source }) => (
            <Tr key={stage}>
              <Td className="font-medium">{STAGES[stage]}</Td>
              <Td>
                <ClauseState {...LOOKS[state]} />
              </Td>
              <Td className="whitespace-nowrap text-muted">{since !== null && <RelativeTime at={since} />}</Td>
              <Td className="max-w-md wrap-anywhere">
                {reason}
                {fix && <Sub>{fix}</Sub>}
              </Td>
              <Td className="max-w-72 wrap-anywhere">
                <span className="num text-xs text-muted">{source}</span>
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </Panel>
  );
}
