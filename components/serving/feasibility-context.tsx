"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { ContractDocument } from "@/lib/contracts/document";
import { type FeasibleRange, feasibleRange } from "./feasible-range";
import { type NamedCurve, useCurves, useLastDocument } from "./use-curves";

type Judged = { readonly document: ContractDocument; readonly curves: readonly NamedCurve[] };

const Context = createContext<Judged | null>(null);

type Props = {
  readonly slug: string;
  /** As it is typed now; null while it cannot be read. */
  readonly document: ContractDocument | null;
  readonly children: ReactNode;
};

/** What measured curves say of a document while it is typed, for the fields and the drawing beside them. */
export function FeasibilityContext({ slug, document: typed, children }: Props) {
  const document = useLastDocument(typed);
  const curves = useCurves(slug, document);
  const judged = useMemo(() => (document && curves.length > 0 ? { document, curves } : null), [document, curves]);
  return <Context value={judged}>{children}</Context>;
}

export function useFeasibility(): Judged | null {
  return useContext(Context);
}

/** What is left for one clause by the curve that leaves least of it. */
export function useFeasibleRange(id: string): (FeasibleRange & { readonly of: string }) | null {
  const judged = useContext(Context);
  return useMemo(() => {
    if (!judged) return null;
    const ranges = judged.curves.flatMap(({ name, curve }) => {
      const range = feasibleRange(judged.document, id, curve);
      return range ? [{ ...range, of: name }] : [];
    });
    return ranges.find(({ verdict }) => verdict === "infeasible") ?? ranges[0] ?? null;
  }, [judged, id]);
}
