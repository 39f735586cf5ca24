import type { Metadata } from "next";
import { ClusterTable } from "@/components/clusters/cluster-table";
import { SettingsHeader } from "@/components/settings/settings-header";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { GatedLink } from "@/components/ui/gated-link";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listClusters } from "@/lib/deployments/queries/clusters";
import { pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Clusters" };

export default async function Clusters({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const principal = await requirePrincipal();
  const { cursor } = pick(await searchParams, ["cursor"]);
  const clusters = await read(listClusters, { ...(cursor && { cursor }) });
  if (!clusters.ok) return <Refusal failure={clusters.error} />;
  const add = (
    <GatedLink href="/settings/clusters/new" reason={permissionReason(principal, "cluster:write")} primary>
      Add cluster
    </GatedLink>
  );
  return (
    <>
      <AutoRefresh everyMs={10_000} />
      <SettingsHeader current="/settings/clusters" note="Where endpoints serve besides this machine" actions={add} />
      <ClusterTable page={clusters.data} cursor={cursor ?? null} add={add} />
    </>
  );
}
