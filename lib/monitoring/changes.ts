import type { EndpointSeries } from "@/lib/monitoring/schema";

export type ChangeMarker = EndpointSeries["changes"][number];

type AppliedPromotion = {
  readonly appliedAt: Date | null;
  readonly modelVersion: { readonly number: number };
  readonly revision: { readonly name: string } | null;
};
type SignedContract = { readonly number: number; readonly signedAt: Date | null };

/** Promotions that were applied and contracts that were signed, as marks on the wall clock, oldest first. */
export function changeMarkers(
  promotions: readonly AppliedPromotion[],
  contracts: readonly SignedContract[],
): ChangeMarker[] {
  const applied = promotions.flatMap(({ appliedAt, modelVersion, revision }): ChangeMarker[] =>
    appliedAt
      ? [
          {
            at: appliedAt.toISOString(),
            kind: "promotion",
            label: `v${modelVersion.number} serves${revision ? ` (${revision.name})` : ""}`,
          },
        ]
      : [],
  );
  const signed = contracts.flatMap(({ number, signedAt }): ChangeMarker[] =>
    signedAt ? [{ at: signedAt.toISOString(), kind: "contract", label: `contract v${number} signed` }] : [],
  );
  return [...applied, ...signed].sort((a, b) => a.at.localeCompare(b.at));
}
