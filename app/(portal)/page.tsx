import type { Metadata } from "next";
import { ChannelNotice } from "@/components/alerts/channel-notice";
import { RecentChangesPanel } from "@/components/home/changes-panel";
import { EndpointsPanel } from "@/components/home/endpoints-panel";
import { nextStepFor } from "@/components/home/next-step";
import { WaitingPanel } from "@/components/home/waiting-panel";
import { Refusal } from "@/components/shell/refusal";
import { ROLE_TASKS } from "@/components/shell/role-names";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { WithAside } from "@/components/ui/layout";
import { PageHeader } from "@/components/ui/page-header";
import { can, permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listEndpoints } from "@/lib/deployments/queries";
import { listMySignatures, listRecentChanges } from "@/lib/governance/queries/home";
import { listMyDecisions } from "@/lib/governance/queries/promotions";
import { summariseAlerts } from "@/lib/monitoring/queries/alerts";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Home" };

export default async function Home() {
  const principal = await requirePrincipal();
  const [endpoints, contracts, promotions, changes, alerts] = await Promise.all([
    read(listEndpoints, { sort: "worst", limit: 10 }),
    read(listMySignatures, {}),
    read(listMyDecisions, { limit: 10 }),
    read(listRecentChanges, { limit: 8 }),
    read(summariseAlerts, {}),
  ]);
  if (!endpoints.ok) return <Refusal failure={endpoints.error} />;
  const decides = can(principal, "contract:sign") || can(principal, "promotion:decide");
  const waiting = decides && contracts.ok && promotions.ok && (
    <WaitingPanel contracts={contracts.data} promotions={promotions.data} />
  );
  const table = <EndpointsPanel endpoints={endpoints.data.items} next={nextStepFor(principal)} />;
  const recent = changes.ok && <RecentChangesPanel changes={changes.data} />;
  return (
    <>
      <AutoRefresh everyMs={10_000} />
      <PageHeader
        title={`Hello, ${principal.name}`}
        note={principal.roles.map((role) => ROLE_TASKS[role]).join(" · ")}
      />
      {alerts.ok && <ChannelNotice summary={alerts.data} reason={permissionReason(principal, "alert:configure")} />}
      <WithAside aside={recent}>
        {waiting}
        {table}
      </WithAside>
    </>
  );
}
