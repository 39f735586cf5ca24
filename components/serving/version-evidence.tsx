"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Code } from "@/components/ui/code";
import { Field } from "@/components/ui/field";
import { Stack } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import type { VersionEvidence as Evidence } from "@/lib/governance/evidence-run";
import type { FittingContract } from "@/lib/governance/fitting-contract";
import { evidenceQuery } from "@/lib/governance/query-options";
import { DrillPanel } from "./drill-panel";
import { importCommand } from "./evidence-commands";
import { LoadPanel } from "./load-panel";
import { type InitialTier, TierPanel } from "./tier-panel";

type Props = {
  readonly model: string;
  readonly version: number;
  readonly initial: Evidence;
  /** Contracts that fit the version; the first is the one to begin with. */
  readonly contracts: readonly FittingContract[];
  readonly reason: string | null;
  readonly tier: InitialTier | null;
};

const keyOf = ({ useCase, number }: FittingContract) => `${useCase}/${number}`;

/** What is known of a version beside its quality: what load it bears, and whether it fails as its contract says. */
export function VersionEvidence({ model, version, initial, contracts, reason, tier }: Props) {
  const { data: evidence = initial, error } = useQuery({ ...evidenceQuery(model, version), initialData: initial });
  const asked = useSearchParams().get("contract");
  const [chosen, setChosen] = useState(asked);
  const contract = contracts.find((each) => keyOf(each) === chosen) ?? contracts[0] ?? null;
  const drillable = contract && contract.state !== "draft" ? contract : null;
  return (
    <Stack>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <h2 className="text-lg font-semibold">Evidence</h2>
        {contracts.length > 1 && (
          <Field label="Held against">
            {(control) => (
              <Select
                {...control}
                value={contract ? keyOf(contract) : ""}
                options={contracts.map((each) => ({
                  value: keyOf(each),
                  label: `${each.useCase} v${each.number}, ${each.state}`,
                }))}
                onChange={(event) => setChosen(event.target.value)}
              />
            )}
          </Field>
        )}
      </div>
      {error && (
        <Notice tone="risk" title="The evidence is not current: the portal does not answer." live>
          {error.message}
        </Notice>
      )}
      <LoadPanel model={model} version={version} evidence={evidence} contract={contract} reason={reason} />
      <TierPanel
        model={model}
        version={version}
        contract={contract}
        evidence={evidence.curves[0]?.id ?? "none"}
        initial={tier}
      />
      <DrillPanel
        evidence={evidence}
        order={drillable && { model, version, useCase: drillable.useCase, contract: drillable.number }}
        reason={reason ?? (contract && !drillable ? "A drill needs a contract that is submitted or signed." : null)}
      />
      <Panel title="Evidence from elsewhere">
        <PanelBody className="grid gap-2">
          <p className="max-w-prose text-sm text-muted">
            A report of k6 or perf_analyzer is shown beside, as attested: nobody here measured it, and no gate counts
            it.
          </p>
          <Code label="Command to import a report" text={importCommand(model, version)} />
        </PanelBody>
      </Panel>
    </Stack>
  );
}
