import type { Metadata } from "next";
import { EndpointForm } from "@/components/deployments/endpoint-form";
import { Refusal } from "@/components/shell/refusal";
import { PageHeader } from "@/components/ui/page-header";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listUseCases } from "@/lib/contracts/queries";
import { listClusters } from "@/lib/deployments/queries/clusters";
import { pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "New endpoint" };

export default async function NewEndpoint({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const principal = await requirePrincipal();
  const reason = permissionReason(principal, "endpoint:write");
  if (reason) return <Refusal failure={{ code: "forbidden", message: reason }} />;
  const [useCases, clusters] = await Promise.all([
    read(listUseCases, { limit: 200 }),
    read(listClusters, { limit: 200 }),
  ]);
  if (!useCases.ok) return <Refusal failure={useCases.error} />;
  if (!clusters.ok) return <Refusal failure={clusters.error} />;
  const { "use-case": useCase } = pick(await searchParams, ["use-case"]);
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Endpoints", href: "/endpoints" }]}
        title="New endpoint"
        note="Nothing runs until a promotion to it is approved by two people."
      />
      <EndpointForm
        useCases={useCases.data.items.map(({ slug, name }) => ({ value: slug, label: `${name} (${slug})` }))}
        clusters={clusters.data.items.map(({ name, namespace }) => ({ value: name, label: `${name} (${namespace})` }))}
        {...(useCase && { useCase })}
      />
    </>
  );
}
