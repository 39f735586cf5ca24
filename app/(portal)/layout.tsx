import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { requirePrincipal } from "@/lib/auth/queries";
import { countMyDecisions } from "@/lib/governance/queries/promotions";
import { summariseAlerts } from "@/lib/monitoring/queries/alerts";
import { read } from "@/lib/read";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const principal = await requirePrincipal();
  const [waiting, alerts] = await Promise.all([read(countMyDecisions, {}), read(summariseAlerts, {})]);
  return (
    <Shell
      principal={principal}
      waitingPromotions={waiting.ok ? waiting.data.count : 0}
      unacknowledgedAlerts={alerts.ok ? alerts.data.unacknowledged : 0}
    >
      {children}
    </Shell>
  );
}
