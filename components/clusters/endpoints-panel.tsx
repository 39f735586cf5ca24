import Link from "next/link";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import type { ClusterDetail } from "@/lib/deployments/cluster-view";

/** What serves there under a contract. */
export function EndpointsPanel({ cluster: { endpoints, endpointNames } }: { readonly cluster: ClusterDetail }) {
  const more = endpoints - endpointNames.length;
  return (
    <Panel title="Endpoints" aside={endpoints}>
      {endpointNames.length === 0 && <PanelBody className="text-muted">Nothing of ours serves here yet.</PanelBody>}
      {endpointNames.map((name) => (
        <PanelRow key={name}>
          <Link href={`/endpoints/${name}`} className="hover:underline">
            {name}
          </Link>
        </PanelRow>
      ))}
      {more > 0 && <PanelBody className="text-muted">and {more} more</PanelBody>}
    </Panel>
  );
}
