import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import type { Endpoint } from "@/lib/deployments/schema";

/** What the target says of an endpoint, in one word; whatever is not as wanted says so. */
export function TargetState({ endpoint }: { readonly endpoint: Endpoint }) {
  const { state, word, why } = lookOf(endpoint);
  return <ClauseState state={state} word={word} title={why} />;
}

type Look = { readonly state: ClauseStateName; readonly word: string; readonly why?: string };

function lookOf({ observed, serving, settled }: Endpoint): Look {
  if (!serving) return { state: "unproven", word: "Idle" };
  const why = observed.refused?.reason ?? observed.reason ?? undefined;
  const because = why === undefined ? {} : { why };
  if (observed.state === "failed" || observed.refused) return { state: "breached", word: "Refused", ...because };
  if (observed.state === "ready")
    return settled ? { state: "met", word: "Ready" } : { state: "at_risk", word: "Changing" };
  if (observed.state === "unknown") return { state: "unproven", word: "Not reported" };
  return { state: "at_risk", word: observed.state === "starting" ? "Starting" : "Stopped", ...because };
}
