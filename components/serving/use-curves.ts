"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ContractDocument } from "@/lib/contracts/document";
import { getFeasibilityAction } from "@/lib/governance/actions";
import type { LoadCurve } from "@/lib/serving/load-curve";

/** A measured curve, and whose it is. */
export type NamedCurve = { readonly name: string; readonly curve: LoadCurve };

/**
 * The measured curves of what serves a use case, read once: what is typed afterwards is judged in the browser. Empty while they are on
 * their way, and where nothing was measured.
 */
export function useCurves(slug: string, document: ContractDocument | null): readonly NamedCurve[] {
  const { data = [] } = useQuery({
    queryKey: ["curves", slug],
    enabled: document !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async (): Promise<readonly NamedCurve[]> => {
      const result = await getFeasibilityAction({ slug, ...(document && { document }) });
      if (!result.ok) throw new Error(result.error.message);
      return result.data.versions.flatMap(({ model, version, curve }) =>
        curve ? [{ name: `${model} v${version}`, curve }] : [],
      );
    },
  });
  return data;
}

/** The last document that could be read: half a number typed does not empty the drawing. */
export function useLastDocument(document: ContractDocument | null): ContractDocument | null {
  const [last, setLast] = useState(document);
  if (document !== null && document !== last) setLast(document);
  return document ?? last;
}
