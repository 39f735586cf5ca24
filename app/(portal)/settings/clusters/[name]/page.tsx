import type { Metadata } from "next";
import { CapabilitiesPanel, GpuPanel } from "@/components/clusters/capabilities-panel";
import { ClusterActions } from "@/components/clusters/cluster-actions";
import { ClusterFacts, ClusterNotice } from "@/components/clusters/cluster-facts";
import { EndpointsPanel } from "@/components/clusters/endpoints-panel";
import { RolePanel } from "@/components/clusters/role-panel";
import { UnmanagedPanel } from "@/components/clusters/unmanaged-panel";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { WithAside } from "@/components/ui/layout";
import { PageHeader } from "@/components/ui/page-header";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { getCluster } from "@/lib/deployments/queries/clusters";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Cluster" };

export default async function ClusterPage({ params }: { params: Promise<{ name: string }> }) {
  const principal = await requirePrincipal();
  const result = await read(getCluster, await params);
  if (!result.ok) return <Refusal failure={result.error} />;
  const cluster = result.data;
  const { name, namespace, server, endpoints } = cluster;
  const reason = permissionReason(principal, "cluster:write");
  return (
    <>
      <AutoRefresh everyMs={cluster.state === "ready" ? 15_000 : 3000} />
      <PageHeader
        crumbs={[
          { label: "Settings", href: "/settings" },
          { label: "Clusters", href: "/settings/clusters" },
        ]}
        title={name}
        note={server ?? "the cluster that the worker runs in"}
        actions={<ClusterActions name={name} endpoints={endpoints} reason={reason} />}
      />
      <ClusterNotice cluster={cluster} />
      <ClusterFacts cluster={cluster} />
      <WithAside
        aside={
          <>
            <GpuPanel cluster={cluster} />
            <EndpointsPanel cluster={cluster} />
          </>
        }
      >
        <CapabilitiesPanel cluster={cluster} />
        <UnmanagedPanel cluster={cluster} />
        <RolePanel namespace={namespace} server={server} />
      </WithAside>
    </>
  );
}
