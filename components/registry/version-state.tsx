import { ClauseState } from "@/components/ui/clause-state";
import type { VersionState as State } from "@/lib/registry/schema";

const LOOK = {
  pending: { state: "unproven", word: "Being verified" },
  ready: { state: "met", word: "Ready" },
  failed: { state: "breached", word: "Failed" },
} as const;

/** State of a version, with the reason on hover. */
export function VersionState({ state, reason }: { readonly state: State; readonly reason?: string | null }) {
  const look = LOOK[state];
  return <ClauseState state={look.state} word={look.word} title={reason ?? undefined} />;
}
