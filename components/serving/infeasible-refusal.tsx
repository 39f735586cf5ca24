"use client";

import { z } from "zod";
import type { ContractDocument } from "@/lib/contracts/document";
import type { Failure } from "@/lib/errors";
import { versionFeasibility } from "@/lib/governance/evidence-run";
import { AlternativesList } from "./alternatives-list";
import { LoadCurveChart } from "./load-curve-chart";

const details = z.object({ versions: z.array(versionFeasibility).min(1) });

type Props = { readonly failure: Failure | undefined; readonly document: ContractDocument };

/** Under a refused signature: the curve that it was refused by, and what could be signed instead. Nothing for other refusals. */
export function InfeasibleRefusal({ failure, document }: Props) {
  const found = details.safeParse(failure?.details).data?.versions[0];
  if (!found?.curve || !found.feasibility) return null;
  return (
    <div className="-mx-4 border-y">
      <LoadCurveChart curve={found.curve} document={document} height={190} />
      <div className="border-t">
        <AlternativesList {...found.feasibility} />
      </div>
    </div>
  );
}
