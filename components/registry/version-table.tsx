import { Digest } from "@/components/ui/digest";
import { Num } from "@/components/ui/num";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowLink, Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { VersionSummary } from "@/lib/registry/schema";
import { metricWord } from "./metric-word";
import { precisionWords } from "./precision-words";
import { ServesOn } from "./serves-on";
import { VersionState } from "./version-state";

const SHOWN_METRICS = 4;

/** Versions of a model, the newest first, with the metrics of the newest evaluation as columns. */
export function VersionTable({
  model,
  versions,
}: {
  readonly model: string;
  readonly versions: readonly VersionSummary[];
}) {
  const metrics = versions[0]?.metrics.slice(0, SHOWN_METRICS).map(({ metric }) => metric) ?? [];
  return (
    <Table label={`Versions of ${model}`} minWidth={820}>
      <Thead>
        <Th>Version</Th>
        <Th>State</Th>
        <Th>Serves on</Th>
        {metrics.map((metric) => (
          <Th key={metric} numeric>
            {metricWord(metric)}
          </Th>
        ))}
        <Th>Digest</Th>
        <Th>Registered</Th>
      </Thead>
      <Tbody>
        {versions.map((version) => (
          <Tr key={version.number}>
            <Td>
              <RowLink href={`/models/${model}/versions/${version.number}`} className="num">
                v{version.number}
              </RowLink>
              {version.precision && <Sub>{precisionWords(version.precision, version.variantOf)}</Sub>}
            </Td>
            <Td className="max-w-80">
              <VersionState state={version.state} reason={version.stateReason} />
              {version.stateReason && <Sub>{version.stateReason}</Sub>}
            </Td>
            <Td>
              <ServesOn on={version.serves.map((endpoint) => ({ endpoint }))} />
            </Td>
            {metrics.map((metric) => (
              <Td key={metric} numeric>
                <Num value={version.metrics.find((each) => each.metric === metric)?.value ?? null} />
              </Td>
            ))}
            <Td>
              <Digest value={version.digest} copy={false} />
            </Td>
            <Td className="whitespace-nowrap text-muted">
              <RelativeTime at={version.createdAt} />
              <Sub>by {version.registeredBy}</Sub>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
