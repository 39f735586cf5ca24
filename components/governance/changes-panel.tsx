import { Diff, type DiffLine } from "@/components/ui/diff";
import { Panel, PanelBody } from "@/components/ui/panel";
import type { ClauseChanges, Promotion } from "@/lib/governance/schema";

type Props = {
  readonly incumbent: Promotion["incumbent"];
  readonly changes: readonly ClauseChanges[];
  readonly environment: string;
  /** Contract of the promotion. */
  readonly contract: number;
};

/** The difference of the compiled settings against what serves, each line with the clause that asks for it. */
export function ChangesPanel({ incumbent, changes, environment, contract }: Props) {
  return (
    <Panel title={`What changes in ${environment}`} aside={against(incumbent, contract)}>
      {changes.length > 0 ? (
        <Diff label="Difference of the compiled settings" lines={linesOf(changes)} />
      ) : (
        <PanelBody className="text-muted">No compiled setting differs.</PanelBody>
      )}
    </Panel>
  );
}

function against(incumbent: Props["incumbent"], contract: number): string {
  if (!incumbent) return "nothing serves there yet: every setting is new";
  const under = incumbent.contract === contract ? "under the same contract" : `under contract v${incumbent.contract}`;
  return `against ${incumbent.revision}: ${incumbent.model} v${incumbent.version} ${under}`;
}

function linesOf(changes: readonly ClauseChanges[]): DiffLine[] {
  return changes.flatMap(({ clause, changes: leaves }) =>
    leaves.flatMap(({ path, before, after }): DiffLine[] => [
      ...(before !== undefined ? [{ kind: "removed" as const, text: `${path}  ${show(before)}`, tag: clause }] : []),
      ...(after !== undefined ? [{ kind: "added" as const, text: `${path}  ${show(after)}`, tag: clause }] : []),
    ]),
  );
}

function show(value: unknown): string {
  if (typeof value === "string") return /^[0-9a-f]{64}$/.test(value) ? `sha256:${value.slice(0, 12)}…` : value;
  return Array.isArray(value) ? value.join(", ") : String(value);
}
