"use client";

import { useQuery } from "@tanstack/react-query";
import { Badge } from "@/components/ui/badge";
import { CopyMenu } from "@/components/ui/copy-menu";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import type { FittingContract } from "@/lib/governance/fitting-contract";
import { tierQuery } from "@/lib/governance/query-options";
import type { TierAdvice } from "@/lib/serving/tier";
import { TierFindings } from "./tier-findings";
import { TierShapes } from "./tier-shapes";

export type InitialTier = { readonly contract: string; readonly advice: TierAdvice };

type Props = {
  readonly model: string;
  readonly version: number;
  /** Whose promises are held against the evidence; null: none fits. */
  readonly contract: FittingContract | null;
  /** Changes with the evidence: the advice is read again. */
  readonly evidence: string;
  /** As the server rendered it, for one contract. */
  readonly initial: InitialTier | null;
};

const NAMES = { cpu: "CPU", gpu: "GPU", edge: "Edge", unknown: "Not known" } as const;

/** Which tier the version needs to keep a contract, why, and what the other one would cost. */
export function TierPanel({ model, version, contract, evidence, initial }: Props) {
  if (contract) {
    const known = initial?.contract === `${contract.useCase}/${contract.number}` ? initial.advice : null;
    return <Advice model={model} version={version} contract={contract} evidence={evidence} known={known} />;
  }
  return (
    <Panel title="Tier" id="tier">
      <PanelBody className="text-muted">
        No contract fits this version: without a promised latency no tier can be told.
      </PanelBody>
    </Panel>
  );
}

type AdviceProps = Omit<Props, "contract" | "initial"> & {
  readonly contract: FittingContract;
  readonly known: TierAdvice | null;
};

function Advice({ model, version, contract, evidence, known }: AdviceProps) {
  const { useCase, number } = contract;
  const query = tierQuery({ model, version, useCase, contract: number, evidence });
  const { data: advice, error } = useQuery({ ...query, ...(known && { initialData: known }) });
  const url = `"$PROVISO_URL${query.path}"`;
  return (
    <Panel
      title="Tier"
      id="tier"
      aside={
        <span className="flex items-center gap-3">
          under {useCase} v{number}
          {advice && <Badge tone={advice.tier === "unknown" ? "neutral" : "accent"}>{NAMES[advice.tier]}</Badge>}
          <CopyMenu entries={[{ label: "curl", text: `curl -H "Authorization: Bearer $PROVISO_TOKEN" ${url}` }]} />
        </span>
      }
    >
      {advice ? (
        <Found advice={advice} />
      ) : (
        <PanelBody>{error ? <p className="text-breach">{error.message}</p> : <Skeleton className="h-40" />}</PanelBody>
      )}
    </Panel>
  );
}

function Found({ advice }: { readonly advice: TierAdvice }) {
  const { words, toMeasure, findings, prices, shapes, gpuMemoryGb } = advice;
  return (
    <>
      <PanelBody className="grid gap-1 border-b">
        <p className="max-w-prose">{words}</p>
        {toMeasure.map((each) => (
          <p key={each} className="max-w-prose text-sm text-muted">
            {each}
          </p>
        ))}
      </PanelBody>
      <TierFindings findings={findings} prices={prices} />
      <p className="border-t px-4 py-2 text-sm text-muted">{prices.words}</p>
      <TierShapes shapes={shapes} gpuMemoryGb={gpuMemoryGb} />
    </>
  );
}
