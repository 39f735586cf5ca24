import type { Metadata } from "next";
import { AlertFilter } from "@/components/alerts/alert-filter";
import { AlertTable } from "@/components/alerts/alert-table";
import { filterOf, listInput } from "@/components/alerts/alert-words";
import { ChannelNotice } from "@/components/alerts/channel-notice";
import { NoAlerts } from "@/components/alerts/no-alerts";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listAlerts, summariseAlerts } from "@/lib/monitoring/queries/alerts";
import { hrefWith, pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Alerts" };

export default async function Alerts({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const principal = await requirePrincipal();
  const params = await searchParams;
  const values = filterOf(pick(params, ["state", "severity", "endpoint"]));
  const { cursor } = pick(params, ["cursor"]);
  const [summary, page] = await Promise.all([
    read(summariseAlerts, {}),
    read(listAlerts, { ...listInput(values), ...(cursor && { cursor }) }),
  ]);
  if (!summary.ok) return <Refusal failure={summary.error} />;
  if (!page.ok) return <Refusal failure={page.error} />;
  const { items, nextCursor } = page.data;
  const address = { ...values, ...(values.state === "firing" && { state: undefined }) };
  return (
    <>
      <AutoRefresh everyMs={5000} />
      <PageHeader
        title="Alerts"
        note="Promises that break now, budgets that burn, and what other systems say about our endpoints."
        actions={<LinkButton href="/settings/alerts">Channels and silences</LinkButton>}
      />
      <ChannelNotice summary={summary.data} reason={permissionReason(principal, "alert:configure")} />
      <AlertFilter values={values} firing={summary.data.firing} />
      <Panel title="Alerts" aside={values.state === "firing" ? "pages first, then the newest" : "newest first"}>
        {items.length > 0 ? <AlertTable alerts={items} label="Alerts" /> : <NoAlerts values={values} />}
        <Pagination
          summary={`${items.length} ${items.length === 1 ? "alert" : "alerts"}`}
          firstHref={cursor ? hrefWith("/alerts", address) : undefined}
          nextHref={nextCursor ? hrefWith("/alerts", { ...address, cursor: nextCursor }) : undefined}
        />
      </Panel>
    </>
  );
}
