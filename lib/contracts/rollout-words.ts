import type { ContractDocument, RolloutPlan } from "@/lib/contracts/document";
import { formatCount, formatDuration, formatNumber, formatPercent } from "@/lib/format";

export type RolloutLine = { readonly name: string; readonly words: string };

const AT_ONCE = "at once: it serves as soon as it is loaded and has answered";

/** How a new revision takes over, a line for each stage: for the contract and the editor alike. */
export function rolloutLines({ rollout }: Pick<ContractDocument, "rollout">): RolloutLine[] {
  if (!rollout) return [{ name: "A new revision takes over", words: AT_ONCE }];
  const { shadow, steps, comparison } = rollout;
  const first = shadow
    ? "a copy of the requests, and its answers go to nobody"
    : "no copies: it begins with the first step";
  return [
    { name: "Shadow", words: first },
    ...steps.map(({ percent, minSeconds, minSamples }, index) => ({
      name: `Step ${index + 1}`,
      words: `${formatPercent(percent / 100)} of the requests, for at least ${formatDuration(minSeconds * 1000)} and ${formatCount(minSamples)} answers`,
    })),
    { name: "Then", words: "all requests; the revision before stays warm" },
    { name: "It goes back by itself", words: guardWords(comparison) },
  ];
}

function guardWords({ slowShare, failedShare, predictionShift }: RolloutPlan["comparison"]): string {
  return (
    "when it breaks a clause, or is worse than the serving revision: " +
    `slow ${formatPercent(slowShare)} more often, failed ${formatPercent(failedShare)} more often, ` +
    `predictions further apart than ${formatNumber(predictionShift)}`
  );
}

/** The same in one sentence, for where there is one line only. */
export function rolloutSentence({ rollout }: Pick<ContractDocument, "rollout">): string {
  if (!rollout) return `A new revision takes over ${AT_ONCE}.`;
  const shares = rollout.steps.map(({ percent }) => formatPercent(percent / 100)).join(", ");
  const least = rollout.steps.reduce((sum, { minSeconds }) => sum + minSeconds, 0);
  return `${rollout.shadow ? "Copies first, then " : ""}${shares}, then all; at least ${formatDuration(least * 1000)} in all.`;
}
