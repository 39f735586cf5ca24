import type { Metadata } from "next";
import { ClusterForm } from "@/components/clusters/cluster-form";
import { Refusal } from "@/components/shell/refusal";
import { PageHeader } from "@/components/ui/page-header";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { getCluster } from "@/lib/deployments/queries/clusters";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Edit cluster" };

export default async function EditCluster({ params }: { params: Promise<{ name: string }> }) {
  const reason = permissionReason(await requirePrincipal(), "cluster:write");
  if (reason) return <Refusal failure={{ code: "forbidden", message: reason }} />;
  const { name } = await params;
  const cluster = await read(getCluster, { name });
  if (!cluster.ok) return <Refusal failure={cluster.error} />;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Clusters", href: "/settings/clusters" },
          { label: name, href: `/settings/clusters/${name}` },
        ]}
        title={`Edit ${name}`}
        note="The worker looks at it again as soon as it is saved."
      />
      <ClusterForm cluster={cluster.data} />
    </>
  );
}
