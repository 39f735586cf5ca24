import Link from "next/link";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ContractDocument } from "@/lib/contracts/document";
import type { ContractFeasibility, VersionFeasibility } from "@/lib/governance/evidence-run";
import { FeasibilityPanel } from "./feasibility-panel";

type Props = { readonly found: ContractFeasibility; readonly document: ContractDocument };

/** What measured curves say of a contract, one panel for each version that serves or is to serve. */
export function ContractFeasibilityPanels({ found, document }: Props) {
  const measured = found.versions.filter(({ curve, feasibility }) => curve && feasibility);
  if (measured.length === 0) {
    return (
      <Panel title="Feasibility">
        <PanelBody className="text-muted">
          {found.words}{" "}
          {found.versions.map((version) => (
            <span key={`${version.model} ${version.version}`}>
              Measure <VersionLink version={version} />.{" "}
            </span>
          ))}
        </PanelBody>
      </Panel>
    );
  }
  return measured.map(
    (version) =>
      version.curve &&
      version.feasibility && (
        <FeasibilityPanel
          key={`${version.model} ${version.version}`}
          feasibility={version.feasibility}
          curve={version.curve}
          document={document}
          source={
            <>
              By the load curve of <VersionLink version={version} />
              {version.servesOn.length > 0 && `, which serves ${version.servesOn.join(" and ")}`}, measured{" "}
              <RelativeTime at={version.curve.endedAt} />.
            </>
          }
        />
      ),
  );
}

function VersionLink({ version: { model, version } }: { readonly version: VersionFeasibility }) {
  return (
    <Link className="link" href={`/models/${model}/versions/${version}#load-curve`}>
      {model} v{version}
    </Link>
  );
}
