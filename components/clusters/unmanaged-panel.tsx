import { Panel, PanelBody } from "@/components/ui/panel";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { ClusterDetail } from "@/lib/deployments/cluster-view";

/** What serves in the cluster and nobody has signed for. */
export function UnmanagedPanel({ cluster: { workloads } }: { readonly cluster: ClusterDetail }) {
  const count =
    workloads &&
    (workloads.total > workloads.items.length
      ? `the first ${workloads.items.length} of ${workloads.total}`
      : `${workloads.total}`);
  return (
    <Panel title="Without a contract" aside={count}>
      {workloads === null && <PanelBody className="text-muted">Not looked for yet.</PanelBody>}
      {workloads?.total === 0 && (
        <PanelBody className="text-muted">
          Every InferenceService, and every Deployment with GPUs, is one of ours.
        </PanelBody>
      )}
      {workloads && workloads.total > 0 && (
        <>
          <PanelBody className="text-muted">
            To take one in: make its use case and contract, register its model, then have it promoted to an endpoint
            here. Once that answers, whoever owns the old one deletes it. Nothing of it is changed from here.
          </PanelBody>
          <Table label="Without a contract" minWidth={720}>
            <Thead>
              <Th>Workload</Th>
              <Th>Runs</Th>
              <Th>Owner</Th>
              <Th numeric>Replicas</Th>
              <Th numeric>GPUs each</Th>
            </Thead>
            <Tbody>
              {workloads.items.map(({ kind, namespace, name, what, owner, replicas, gpus }) => (
                <Tr key={`${kind} ${namespace}/${name}`}>
                  <Td className="wrap-anywhere">
                    <span className="font-medium">{name}</span>
                    <Sub>
                      {kind} in {namespace}
                    </Sub>
                  </Td>
                  <Td className="max-w-80 wrap-anywhere">
                    <span className="num text-xs">{what ?? "—"}</span>
                  </Td>
                  <Td>{owner ?? <span className="text-muted">no label says</span>}</Td>
                  <Td numeric>{replicas ?? "—"}</Td>
                  <Td numeric>{gpus}</Td>
                </Tr>
              ))}
            </Tbody>
          </Table>
        </>
      )}
    </Panel>
  );
}
