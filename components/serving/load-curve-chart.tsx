"use client";

import { useMemo } from "react";
import { XyChart } from "@/components/charts/xy-chart";
import type { ContractDocument } from "@/lib/contracts/document";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { LoadCurveTable } from "./load-curve-table";
import { curveView } from "./load-curve-view";

type Props = {
  readonly curve: LoadCurve;
  /** Its promises are drawn; null: the curve alone. */
  readonly document: ContractDocument | null;
  /** Attested ones, beside it. */
  readonly others?: readonly LoadCurve[];
  readonly height?: number;
};

const NONE: readonly never[] = [];

/** Latency against offered load, with the signed points and what cannot be promised. */
export function LoadCurveChart({ curve, document, others = NONE, height = 240 }: Props) {
  const { margins: _, ...view } = useMemo(() => curveView(curve, document, others), [curve, document, others]);
  return (
    <XyChart
      {...view}
      label="Latency against offered load"
      table={<LoadCurveTable curve={curve} />}
      floorNote="cannot be promised"
      note="ms by requests/s offered"
      height={height}
    />
  );
}
