import type { Metadata } from "next";
import { SettingsHeader, SettingsTabs } from "@/components/settings/settings-header";
import { DependenciesPanel, ProcessesPanel } from "@/components/settings/system-panels";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { Stack } from "@/components/ui/layout";
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
  return (
    <>
      <SettingsHeader current="/settings/system" note="What runs here, and what it needs" />
      <AutoRefresh everyMs={5000} />
      <Stack>
        <DependenciesPanel dependencies={status.data.dependencies} askedAt={Date.now()} />
        <ProcessesPanel supervisor={status.data.supervisor} />
      </Stack>
    </>
  );
}
