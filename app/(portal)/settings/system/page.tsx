import type { Metadata } from "next";
import { SettingsHeader, SettingsTabs } from "@/components/settings/settings-header";
import { DependenciesTable, ProcessesTable } from "@/components/settings/system-panels";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { Stack } from "@/components/ui/layout";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { read } from "@/lib/read";
import { getSystemStatus } from "@/lib/system";

export const metadata: Metadata = { title: "System" };

export default async function System() {
  const status = await read(getSystemStatus, {});
  if (!status.ok) {
    return (
      <>
        <SettingsTabs current="/settings/system" />
        <Refusal failure={status.error} />
      </>
    );
  }
  const { dependencies, supervisor } = status.data;
  return (
    <>
      <SettingsHeader current="/settings/system" note="What runs here, and what it needs" />
      <AutoRefresh everyMs={5000} />
      <Stack>
        <Panel
          title="Dependencies"
          aside={
            <>
              asked <RelativeTime at={Date.now()} />
            </>
          }
        >
          <DependenciesTable dependencies={dependencies} />
        </Panel>
        <Panel
          title="Processes"
          aside={
            supervisor && (
              <>
                supervised since <RelativeTime at={supervisor.startedAt} />, data in{" "}
                <span className="num">{supervisor.dataDir}</span>
              </>
            )
          }
        >
          {supervisor ? (
            <ProcessesTable processes={supervisor.children} />
          ) : (
            <PanelBody className="text-muted">
              No supervisor answers. Where something else runs the processes, it knows their states.
            </PanelBody>
          )}
        </Panel>
      </Stack>
    </>
  );
}
