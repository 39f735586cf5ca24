import type { Metadata } from "next";
import { AlertmanagerPanel } from "@/components/alerts/alertmanager-panel";
import { ChannelNotice } from "@/components/alerts/channel-notice";
import { ChannelsPanel } from "@/components/alerts/channels-panel";
import { SilencesPanel } from "@/components/alerts/silences-panel";
import { SettingsHeader } from "@/components/settings/settings-header";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { GatedLink } from "@/components/ui/gated-link";
import { Stack } from "@/components/ui/layout";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listChannels, listSilences } from "@/lib/monitoring/queries/alert-settings";
import { summariseAlerts } from "@/lib/monitoring/queries/alerts";
import { pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Alert settings" };

export default async function AlertSettings({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const principal = await requirePrincipal();
  const { cursor, silences: after, endpoint } = pick(await searchParams, ["cursor", "silences", "endpoint"]);
  const [summary, channels, silences] = await Promise.all([
    read(summariseAlerts, {}),
    read(listChannels, { ...(cursor && { cursor }) }),
    read(listSilences, { active: "true", ...(after && { cursor: after }), ...(endpoint && { endpoint }) }),
  ]);
  if (!summary.ok) return <Refusal failure={summary.error} />;
  if (!channels.ok) return <Refusal failure={channels.error} />;
  if (!silences.ok) return <Refusal failure={silences.error} />;
  const configure = permissionReason(principal, "alert:configure");
  const add = (
    <GatedLink href="/settings/alerts/new" reason={configure} primary>
      Add channel
    </GatedLink>
  );
  const acknowledge = permissionReason(principal, "alert:acknowledge");
  return (
    <>
      <AutoRefresh everyMs={10_000} />
      <SettingsHeader current="/settings/alerts" note="Who is told when a promise breaks, and how" actions={add} />
      <ChannelNotice summary={summary.data} reason={configure} />
      <Stack>
        <ChannelsPanel page={channels.data} cursor={cursor ?? null} reason={configure} add={add} />
        <SilencesPanel page={silences.data} cursor={after ?? null} endpoint={endpoint ?? null} reason={acknowledge} />
        <AlertmanagerPanel />
      </Stack>
    </>
  );
}
