import { ClauseState } from "@/components/ui/clause-state";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { ClusterDetail } from "@/lib/deployments/cluster-view";
import { findingsOf } from "./cluster-words";

/** What was found in the cluster and what is missing, with what would help. */
export function CapabilitiesPanel({ cluster: { capabilities, capabilitiesAt } }: { readonly cluster: ClusterDetail }) {
  const aside = capabilitiesAt && (
    <>
      seen <RelativeTime at={capabilitiesAt} />
    </>
  );
  return (
    <Panel title="What the cluster offers" aside={aside}>
      {capabilities ? (
        <Table label="What the cluster offers" minWidth={620}>
          <Thead>
            <Th>Part</Th>
            <Th>State</Th>
            <Th>Found, or what would help</Th>
          </Thead>
          <Tbody>
            {findingsOf(capabilities).map(({ name, found, for: why, fix }) => (
              <Tr key={name}>
                <Td>
                  <span className="font-medium">{name}</span>
                  <Sub>{why}</Sub>
                </Td>
                <Td>
                  <ClauseState
                    state={found === null ? "unproven" : "met"}
                    word={found === null ? "Missing" : "Found"}
                  />
                </Td>
                <Td className="wrap-anywhere">
                  {fix ?? (found === "found" ? "" : <span className="num">{found}</span>)}
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      ) : (
        <PanelBody className="text-muted">The worker has not seen this cluster yet; it looks every minute.</PanelBody>
      )}
    </Panel>
  );
}

/** GPUs and slices of GPUs, and what of them nobody has asked for. */
export function GpuPanel({ cluster: { capabilities } }: { readonly cluster: ClusterDetail }) {
  const resources = capabilities?.gpuResources ?? [];
  return (
    <Panel title="GPUs" aside="over all nodes">
      {resources.length === 0 ? (
        <PanelBody className="text-muted">
          {capabilities ? "No node offers a GPU: contracts of the tier gpu cannot serve here." : "Not looked at yet."}
        </PanelBody>
      ) : (
        <Table label="GPUs" minWidth={300}>
          <Thead>
            <Th>Resource</Th>
            <Th numeric>Free</Th>
            <Th numeric>All</Th>
          </Thead>
          <Tbody>
            {resources.map(({ name, product, free, allocatable }) => (
              <Tr key={`${name} ${product}`}>
                <Td className="wrap-anywhere">
                  <span className="num text-sm">{name}</span>
                  <Sub>{product ?? "product not labelled"}</Sub>
                </Td>
                <Td numeric>{free}</Td>
                <Td numeric>{allocatable}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
    </Panel>
  );
}
