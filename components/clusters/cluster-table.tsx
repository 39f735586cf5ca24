import Link from "next/link";
import type { ReactNode } from "react";
import { ClauseState } from "@/components/ui/clause-state";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { ClusterSummary } from "@/lib/deployments/cluster-view";
import type { Page } from "@/lib/page";
import { hrefWith } from "@/lib/query-string";
import { ADD_COMMAND, clusterLook } from "./cluster-words";

type Props = { readonly page: Page<ClusterSummary>; readonly cursor: string | null; readonly add: ReactNode };

/** Registered clusters by name, and whether the worker reaches them. */
export function ClusterTable({ page: { items, nextCursor }, cursor, add }: Props) {
  return (
    <Panel title="Clusters" aside="by name">
      {items.length === 0 ? (
        <EmptyState title="No cluster yet" command={ADD_COMMAND} action={add}>
          Endpoints serve on the local runtime. With a cluster, contracts are compiled to KServe and Gateway API there.
        </EmptyState>
      ) : (
        <Table label="Clusters" minWidth={820}>
          <Thead>
            <Th>Cluster</Th>
            <Th>State</Th>
            <Th>Kubernetes</Th>
            <Th numeric>Endpoints</Th>
            <Th numeric>Without a contract</Th>
            <Th>Last seen</Th>
          </Thead>
          <Tbody>
            {items.map((cluster) => (
              <Row key={cluster.name} cluster={cluster} />
            ))}
          </Tbody>
        </Table>
      )}
      {(cursor || nextCursor) && (
        <Pagination
          summary={`${items.length} clusters`}
          firstHref={cursor ? "/settings/clusters" : undefined}
          nextHref={nextCursor ? hrefWith("/settings/clusters", { cursor: nextCursor }) : undefined}
        />
      )}
    </Panel>
  );
}

function Row({ cluster }: { readonly cluster: ClusterSummary }) {
  const { name, namespace, state, problem, version, endpoints, unmanaged, capabilitiesAt } = cluster;
  return (
    <Tr>
      <Td>
        <Link href={`/settings/clusters/${name}`} className="font-medium hover:underline">
          {name}
        </Link>
        <Sub>namespace {namespace}</Sub>
      </Td>
      <Td className="max-w-80 wrap-anywhere">
        <ClauseState {...clusterLook(state)} />
        {problem && <Sub>{problem}</Sub>}
      </Td>
      <Td className="num">{version ?? "—"}</Td>
      <Td numeric>{endpoints}</Td>
      <Td numeric>{unmanaged ?? "—"}</Td>
      <Td className="whitespace-nowrap text-muted">
        {capabilitiesAt ? <RelativeTime at={capabilitiesAt} /> : "never"}
      </Td>
    </Tr>
  );
}
