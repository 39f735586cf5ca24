import type { Metadata } from "next";
import { SessionsTable } from "@/components/auth/sessions-table";
import { SettingsHeader } from "@/components/settings/settings-header";
import { Refusal } from "@/components/shell/refusal";
import { ROLE_NAMES, ROLE_TASKS } from "@/components/shell/role-names";
import { WithAside } from "@/components/ui/layout";
import { Panel, PanelRow } from "@/components/ui/panel";
import { ThemeSwitch } from "@/components/ui/theme-switch";
import { requirePrincipal } from "@/lib/auth/queries";
import { listMySessions } from "@/lib/auth/queries/sessions";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Settings" };

export default async function Settings() {
  const principal = await requirePrincipal();
  const sessions = await read(listMySessions, {});
  if (!sessions.ok) return <Refusal failure={sessions.error} />;
  return (
    <>
      <SettingsHeader current="/settings" note={principal.email} />
      <WithAside
        aside={
          <>
            <Panel title="Roles">
              {principal.roles.map((role) => (
                <PanelRow key={role} sub={ROLE_TASKS[role]}>
                  {ROLE_NAMES[role]}
                </PanelRow>
              ))}
            </Panel>
            <Panel title="Look">
              <PanelRow value={<ThemeSwitch />}>Theme</PanelRow>
            </Panel>
          </>
        }
      >
        <Panel title="Sessions" aside="end 12 hours after signing in, or 2 hours after the last request">
          <SessionsTable sessions={sessions.data} />
        </Panel>
      </WithAside>
    </>
  );
}
