import type { Metadata } from "next";
import { ChannelForm } from "@/components/alerts/channel-form";
import { Refusal } from "@/components/shell/refusal";
import { PageHeader } from "@/components/ui/page-header";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listEndpoints } from "@/lib/deployments/queries";
import { pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "New alert channel" };

export default async function NewChannel({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const principal = await requirePrincipal();
  const reason = permissionReason(principal, "alert:configure");
  if (reason) return <Refusal failure={{ code: "forbidden", message: reason }} />;
  const { endpoint } = pick(await searchParams, ["endpoint"]);
  const endpoints = await read(listEndpoints, { limit: 200 });
  if (!endpoints.ok) return <Refusal failure={endpoints.error} />;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Settings", href: "/settings" },
          { label: "Alerts", href: "/settings/alerts" },
        ]}
        title="New alert channel"
        note="A place that alerts are sent to, and who answers for it."
      />
      <ChannelForm
        endpoints={endpoints.data.items.map(({ name }) => ({ value: name, label: name }))}
        endpoint={endpoint ?? ""}
      />
    </>
  );
}
