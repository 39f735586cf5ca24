import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RolloutView } from "@/lib/deployments/rollout-schema";
import { isOpen } from "./rollout-words";

/** Why it stands where it stands: what it waits for, who holds it, or what ended it. */
export function RolloutNotice({ rollout }: { readonly rollout: RolloutView }) {
  return (
    <div className="mb-4 grid gap-3">{isOpen(rollout) ? <Waits rollout={rollout} /> : <Ended rollout={rollout} />}</div>
  );
}

function Waits({ rollout }: { readonly rollout: RolloutView }) {
  const { pausedByAll, switch: all, paused, waitsFor, candidate, incumbent, percent } = rollout;
  if (pausedByAll) {
    return (
      <Notice tone="risk" title="All rollouts are paused">
        By {all.by ?? "an unknown account"} <RelativeTime at={all.at} />: {all.reason ?? "no reason given"}. This one is
        still watched, and goes back if a guard breaks.
      </Notice>
    );
  }
  if (paused) {
    return (
      <Notice tone="risk" title={`Paused at ${percent} %`}>
        It goes no further until it is resumed. It is still watched, and goes back if a guard breaks.
      </Notice>
    );
  }
  return (
    <Notice title={`${candidate.revision} is taking over from ${incumbent.revision}`}>
      {waitsFor ? `Waits for: ${waitsFor}.` : "Nothing is in its way."}
    </Notice>
  );
}

const ENDS = {
  completed: { tone: "met", title: "serves: every step was passed" },
  rolled_back: { tone: "breach", title: "was rolled back" },
  stopped: { tone: "risk", title: "was stopped" },
} as const;

function Ended({ rollout }: { readonly rollout: RolloutView }) {
  const { state, candidate, incumbent, reason, endedBy, endedAt } = rollout;
  const { tone, title } = state in ENDS ? ENDS[state as keyof typeof ENDS] : ENDS.stopped;
  return (
    <Notice tone={tone} title={`${candidate.revision} ${title}`}>
      {reason && <p>{reason}</p>}
      <p>
        {state === "completed" ? `${incumbent.revision} is kept warm.` : `${incumbent.revision} answers everything.`}{" "}
        {endedAt && (
          <>
            By {endedBy} <RelativeTime at={endedAt} />.
          </>
        )}
      </p>
    </Notice>
  );
}
