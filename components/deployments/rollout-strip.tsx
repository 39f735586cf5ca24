import { ClauseState } from "@/components/ui/clause-state";
import { cn } from "@/components/ui/cn";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RolloutStage, RolloutView } from "@/lib/deployments/rollout-schema";
import { formatCount, formatDuration } from "@/lib/format";
import { leftWords, progressShare, stageLook } from "./rollout-words";

type Props = { readonly rollout: Pick<RolloutView, "stages" | "state" | "paused" | "pausedByAll" | "candidate"> };

/** The stages of a rollout from left to right: what is done, where it is, what it still needs there, and what comes. */
export function RolloutStrip({ rollout }: Props) {
  const { stages, candidate } = rollout;
  return (
    <ol
      aria-label={`Stages of ${candidate.revision}`}
      className="grid gap-px overflow-hidden rounded-b-xl bg-line wide:auto-cols-fr wide:grid-flow-col"
    >
      {stages.map((stage) => (
        <li
          key={`${stage.state} ${stage.step ?? ""}`}
          aria-current={stage.progress === "current" ? "step" : undefined}
          className={cn("min-w-0 bg-panel px-4 py-3", stage.progress === "ahead" && "text-muted")}
        >
          <Stage stage={stage} rollout={rollout} />
        </li>
      ))}
    </ol>
  );
}

function Stage({ stage, rollout }: Props & { readonly stage: RolloutStage }) {
  const look = stageLook(stage, rollout);
  const at = progressOf(stage);
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-1 wide:block">
      <p className="font-medium">{stage.label}</p>
      <p className="wide:mt-1">{look ? <ClauseState {...look} /> : <span className="text-sm">Ahead</span>}</p>
      <div className="w-full text-xs text-muted tabular-nums wide:mt-1.5">
        {stage.progress !== "ahead" && at && <Bar share={progressShare(at)} isEnded={stage.progress === "ended"} />}
        <StageNeeds stage={stage} />
      </div>
    </div>
  );
}

const progressOf = ({ samples, samplesNeeded, seconds, secondsNeeded }: RolloutStage) =>
  samplesNeeded + secondsNeeded === 0
    ? null
    : { samples: samples ?? 0, samplesNeeded, seconds: seconds ?? 0, secondsNeeded };

function Bar({ share, isEnded }: { readonly share: number; readonly isEnded: boolean }) {
  return (
    <div aria-hidden className="mb-1.5 h-1.5 overflow-hidden rounded-full border bg-bg">
      <div className={cn("h-full", isEnded ? "bg-breach" : "bg-accent")} style={{ width: `${100 * share}%` }} />
    </div>
  );
}

function StageNeeds({ stage }: { readonly stage: RolloutStage }) {
  const { samples, samplesNeeded, seconds, secondsNeeded, progress, leftAt, state } = stage;
  if (samplesNeeded + secondsNeeded === 0) {
    if (leftAt) return <RelativeTime at={leftAt} />;
    return <span>{state === "completed" ? "everything, and the old one stays warm" : "before the first request"}</span>;
  }
  const at = progressOf(stage);
  return (
    <>
      <span className="block">
        {samples !== null && `${formatCount(samples)} of `}
        {formatCount(samplesNeeded)} samples
      </span>
      <span className="block">
        {seconds !== null && `${formatDuration(Math.floor(seconds) * 1000)} of `}
        {formatDuration(secondsNeeded * 1000)}
      </span>
      {progress === "current" && at && <span className="block text-fg">left: {leftWords(at)}</span>}
    </>
  );
}
