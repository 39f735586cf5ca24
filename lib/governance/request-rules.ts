import { blockersOf, type GateItem } from "./gate-item";
import type { PromotionInputs } from "./promotion-inputs";

type Asked = {
  readonly gate: readonly GateItem[];
  readonly inputs: PromotionInputs;
  /** What serves now; null: nothing. */
  readonly incumbent: { readonly contract: number } | null;
  /** Number of the promotion that is open on the endpoint. */
  readonly openPromotion: number | null;
};

export type RequestRefusal = { readonly code: "conflict" | "precondition"; readonly message: string };

/**
 * Why a promotion cannot be requested now; null: it can. A gate that fails cannot turn by waiting, so it refuses the request. Missing
 * evidence may still arrive (the verification runs), so it is let in, and only blocks the approval.
 */
export function requestRefusal({ gate, inputs, incumbent, openPromotion }: Asked): RequestRefusal | null {
  const { endpoint, version, contract, specDigest } = inputs;
  if (openPromotion !== null) {
    const message = `Promotion ${openPromotion} is open on ${endpoint.name}: it is decided or withdrawn first.`;
    return { code: "conflict", message };
  }
  // An amendment that compiles to the same settings still has to come into force.
  if (inputs.incumbent?.specDigest === specDigest && incumbent?.contract === contract.number) {
    const message = `${version.model} v${version.number} serves on ${endpoint.name} under contract v${contract.number} already.`;
    return { code: "conflict", message };
  }
  const { failing } = blockersOf(gate);
  const [first] = failing;
  if (!first) return null;
  const more = failing.length > 1 ? ` (and ${failing.length - 1} more)` : "";
  const message = `The gate does not pass. ${first.title}: ${first.reasons.join(" ")}${more}`;
  return { code: "precondition", message };
}
