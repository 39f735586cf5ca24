"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { ClauseState } from "@/components/ui/clause-state";
import { CopyMenu } from "@/components/ui/copy-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, Facts } from "@/components/ui/facts";
import { Stack } from "@/components/ui/layout";
import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { type EndpointRollout, rolloutQuery } from "@/lib/deployments/query-options";
import type { RolloutView as Rollout } from "@/lib/deployments/rollout-schema";
import { formatCount } from "@/lib/format";
import { RolloutActions } from "./rollout-actions";
import { RolloutGuards } from "./rollout-guards";
import { RolloutHistory } from "./rollout-history";
import { RolloutNotice } from "./rollout-notice";
import { PauseAllRollouts } from "./rollout-pause-all";
import { RolloutStrip } from "./rollout-strip";
import { isOpen, leftWords, rolloutLook } from "./rollout-words";

type Props = {
  readonly initial: EndpointRollout;
  /** Why this person may not hold or stop it, and not hold all of them; null: they may. */
  readonly reason: string | null;
  readonly allReason: string | null;
};

/** The newest rollout of an endpoint, live. */
export function RolloutView({ initial, reason, allReason }: Props) {
  const name = initial.endpoint;
  const { data, refetch } = useQuery({ ...rolloutQuery(name), initialData: initial });
  const router = useRouter();
  const { rollout } = data;
  if (!rollout) {
    return (
      <Panel title="Rollout">
        <EmptyState title="Nothing has rolled out here step by step">
          A revision takes over in steps when its contract has a plan for it: Contract, Serving, Rollout. Without one,
          and for the first revision of an endpoint, it serves at once.
        </EmptyState>
      </Panel>
    );
  }
  const onDone = () => {
    void refetch();
    router.refresh();
  };
  return (
    <>
      <RolloutNotice rollout={rollout} />
      <RolloutFacts rollout={rollout} />
      <Stack>
        <Panel
          title={
            <span className="flex flex-wrap items-center gap-2">
              Steps <ClauseState {...rolloutLook(rollout)} />
            </span>
          }
          aside={
            <div className="flex flex-wrap gap-2">
              <CopyMenu entries={copiesOf(name)} />
              <PauseAllRollouts paused={rollout.switch.paused} reason={allReason} onDone={onDone} />
              {isOpen(rollout) && <RolloutActions rollout={rollout} reason={reason} onDone={onDone} />}
            </div>
          }
        >
          <RolloutStrip rollout={rollout} />
        </Panel>
        <RolloutGuards rollout={rollout} />
        <GoldenPanel golden={rollout.golden} />
        <RolloutHistory events={rollout.events} />
      </Stack>
    </>
  );
}

const copiesOf = (name: string) => [
  {
    label: "curl",
    text: `curl -sS "$PROVISO_URL/api/v1/endpoints/${name}/rollout" -H "Authorization: Bearer $PROVISO_TOKEN"`,
  },
];

function RolloutFacts({ rollout }: { readonly rollout: Rollout }) {
  const { candidate, incumbent, percent, samples, samplesNeeded, promotion, startedAt } = rollout;
  return (
    <Facts>
      <Fact label="Candidate" value={candidate.revision} note={`${candidate.model} v${candidate.version}`} />
      <Fact label="Beside" value={incumbent.revision} note={`${incumbent.model} v${incumbent.version}`} />
      <Fact
        label="Answers"
        value={`${percent} %`}
        note={rollout.state === "shadow" ? "gets copies" : "of the requests"}
      />
      <Fact
        label="Samples"
        value={formatCount(samples)}
        note={isOpen(rollout) ? `of ${formatCount(samplesNeeded)} in this step` : "in its last step"}
      />
      <Fact label="Left in this step" value={isOpen(rollout) ? leftWords(rollout) : "—"} />
      <Fact
        label="Promotion"
        value={
          <Link href={`/promotions/${promotion}`} className="underline underline-offset-2">
            {promotion}
          </Link>
        }
        note={<RelativeTime at={startedAt} />}
      />
    </Facts>
  );
}

function GoldenPanel({ golden }: Pick<Rollout, "golden">) {
  const word = golden ? (golden.passed ? "Passed" : "Failed") : "Not yet";
  const state = golden ? (golden.passed ? "met" : "breached") : "unproven";
  return (
    <Panel title="Golden set" aside="asked before the first request">
      <PanelRow
        sub={golden ? `${formatCount(golden.rows)} rows, tolerance ${golden.tolerance}` : undefined}
        value={<ClauseState state={state} word={word} />}
      >
        {golden?.words ?? "The candidate is asked the rows of its own evaluation, and must answer as its model does."}
      </PanelRow>
    </Panel>
  );
}
