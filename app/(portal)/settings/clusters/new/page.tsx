import type { Metadata } from "next";
import { ClusterForm } from "@/components/clusters/cluster-form";
import { Refusal } from "@/components/shell/refusal";
import { PageHeader } from "@/components/ui/page-header";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";

export const metadata: Metadata = { title: "New cluster" };

export default async function NewCluster() {
  const reason = permissionReason(await requirePrincipal(), "cluster:write");
  if (reason) return <Refusal failure={{ code: "forbidden", message: reason }} />;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Settings", href: "/settings" },
          { label: "Clusters", href: "/settings/clusters" },
        ]}
        title="New cluster"
        note="The worker looks at it within seconds and says what it offers and lacks."
      />
      <ClusterForm />
    </>
  );
}
