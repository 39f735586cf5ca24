import { Stack } from "@/components/ui/layout";
import type { Endpoint } from "@/lib/deployments/schema";
import { AlertsSection } from "./alerts-section";
import { ClusterSection } from "./cluster-section";
import { DevicesSection } from "./devices-section";
import { DrillSection } from "./drill-section";

/** What stands below the charts of an endpoint. */
export function LowerSections({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <Stack>
      <AlertsSection name={endpoint.name} while="quiet" />
      <ClusterSection endpoint={endpoint} />
      <DrillSection endpoint={endpoint} />
      <DevicesSection name={endpoint.name} />
    </Stack>
  );
}
