import Link from "next/link";
import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ContractSummary } from "@/lib/governance/contract-view";
import { ContractStanding } from "./contract-standing";

type Props = {
  readonly versions: readonly ContractSummary[];
  readonly current: number;
  /** Of this page, with the version in the place of `{n}`. */
  readonly href: string;
};

/** The versions of a contract, the newest first. */
export function ContractVersions({ versions, current, href }: Props) {
  return (
    <Panel title="Versions">
      {versions.map((version) => (
        <PanelRow
          key={version.number}
          value={<ContractStanding standing={version.standing} signed={version.signatures.length} />}
          sub={
            <>
              <RelativeTime at={version.signedAt ?? version.updatedAt} /> by {version.updatedBy}
              {version.inForceOn.length > 0 && `, on ${version.inForceOn.join(", ")}`}
            </>
          }
        >
          <Link
            href={href.replace("{n}", String(version.number))}
            aria-current={version.number === current ? "page" : undefined}
            className={version.number === current ? "num font-semibold" : "num link"}
          >
            v{version.number}
          </Link>
        </PanelRow>
      ))}
    </Panel>
  );
}
