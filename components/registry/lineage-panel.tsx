import { Digest } from "@/components/ui/digest";
import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ModelVersionDetail } from "@/lib/registry/schema";

/** Where the version comes from: code, data, and who registered it. */
export function LineagePanel({ version }: { readonly version: ModelVersionDetail }) {
  const { dataset, codeRevision, registeredBy, createdAt } = version;
  return (
    <Panel title="Lineage">
      <PanelRow value={<Digest value={codeRevision} digits={12} />}>Code revision</PanelRow>
      <PanelRow
        sub={`${dataset.kind} ${dataset.uri}, version ${dataset.version}`}
        value={<Digest value={dataset.digest} />}
      >
        Training data
      </PanelRow>
      <PanelRow sub={registeredBy} value={<RelativeTime at={createdAt} />}>
        Registered
      </PanelRow>
    </Panel>
  );
}
