import type { ReactNode } from "react";
import { PageHeader } from "@/components/ui/page-header";
import { Tabs } from "@/components/ui/tabs";

const TABS = [
  { href: "/settings", label: "Account" },
  { href: "/settings/alerts", label: "Alerts" },
  { href: "/settings/clusters", label: "Clusters" },
  { href: "/settings/system", label: "System" },
] as const;

type Props = {
  readonly current: (typeof TABS)[number]["href"];
  readonly note: ReactNode;
  readonly actions?: ReactNode;
};

export function SettingsHeader({ current, note, actions }: Props) {
  return (
    <>
      <PageHeader title="Settings" note={note} actions={actions} />
      <SettingsTabs current={current} />
    </>
  );
}

export function SettingsTabs({ current }: Pick<Props, "current">) {
  return <Tabs label="Settings" tabs={TABS} current={current} />;
}
