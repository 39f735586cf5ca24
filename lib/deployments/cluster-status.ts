import type { EndpointStatus, ReadinessCheck } from "@/lib/inference/desired-state";
import type { ClusterRecord } from "./cluster-record";
import type { Pod } from "./live-object";
import { firstObstacle, isLoaded, readinessOf } from "./readiness";
import { currentPods, type RevisionFacts } from "./revision-facts";
import type { Condition } from "./traffic-shares";

/** Why an endpoint is not as it is wanted, beside what its pods say. */
export type Problem = {
  /** Of the wish that it stands in the way of. */
  readonly generation: number;
  /** Name of the revision that is not applied because of it; null: the endpoint as a whole. */
  readonly revision: string | null;
  readonly reason: string;
  /** Trying again does not help: somebody has to change something. */
  readonly isFinal: boolean;
};

export type Held = {
  readonly name: string;
  readonly record: ClusterRecord;
  readonly factsOf: (revision: string) => RevisionFacts;
  readonly problem: Problem | null;
};

export function conditionIn(facts: RevisionFacts, now: number): Condition {
  return {
    isLoaded: isLoaded(readinessOf(facts, now)),
    answers: (facts.deployment?.status?.availableReplicas ?? 0) > 0,
  };
}

/** The status of an endpoint in the words of the local runtime, from what the cluster holds at `now` (milliseconds since 1970). */
export function clusterStatus({ name, record, factsOf, problem }: Held, now: number): EndpointStatus {
  const { serving: wanted, warm, shares } = record;
  const checks = wanted === null ? [] : readinessOf(factsOf(wanted), now);
  const share = (revision: string | null) => (revision === null ? 0 : (shares[revision] ?? 0));
  const answering = [wanted, warm].find((each) => share(each) > 0) ?? null;
  const obstacle = firstObstacle(checks);
  const refusal = refusalOf(wanted, obstacle, problem);
  const answers = answering !== null && conditionIn(factsOf(answering), now).answers;
  return {
    name,
    generation: generationSaid(record, problem),
    state: stateOf({ wanted, answers, checks, answering, refusal }),
    reason: refusal?.reason ?? reasonOf(problem, obstacle),
    url: serviceUrlOf(answering === null ? null : factsOf(answering)),
    pid: null,
    serving: answers ? answering : null,
    warm: warm !== null && warm !== answering && conditionIn(factsOf(warm), now).isLoaded ? warm : null,
    refused: answers && refusal?.revision !== answering ? refusal : null,
    canary: canaryOf({ record, factsOf, problem }, now),
    readiness: [...checks],
    restarts: answering === null ? 0 : restartsOf(currentPods(factsOf(answering))),
    mode: null,
    eventsDropped: 0,
    spoolBytes: 0,
    breaker: null,
  };
}

/** What hinders a revision comes before what the cluster lacks as a whole. */
function reasonOf(problem: Problem | null, obstacle: ReadinessCheck | null): string | null {
  if (problem && problem.revision !== null) return problem.reason;
  return obstacle ? words(obstacle) : (problem?.reason ?? null);
}

/** Inside the cluster. Where its gateway listens for the world is not to be seen from its objects alone. */
const serviceUrlOf = (facts: RevisionFacts | null) => facts?.service?.status?.address?.url ?? null;

type Refusal = { readonly revision: string; readonly reason: string };

function refusalOf(wanted: string | null, obstacle: ReadinessCheck | null, problem: Problem | null): Refusal | null {
  if (problem?.isFinal && wanted !== null) return { revision: problem.revision ?? wanted, reason: problem.reason };
  return wanted !== null && obstacle?.state === "failed" ? { revision: wanted, reason: words(obstacle) } : null;
}

/** A wish that can never be applied is answered at its own generation; otherwise the last one that was applied whole. */
function generationSaid({ applied }: ClusterRecord, problem: Problem | null): number {
  return problem?.isFinal ? problem.generation : (applied ?? 0);
}

type Seen = {
  readonly wanted: string | null;
  readonly answering: string | null;
  readonly answers: boolean;
  readonly checks: readonly ReadinessCheck[];
  readonly refusal: Refusal | null;
};

function stateOf({ wanted, answering, answers, checks, refusal }: Seen): EndpointStatus["state"] {
  if (wanted === null) return "stopped";
  const route = checks.find(({ stage }) => stage === "route")?.state;
  // Behind an earlier obstacle, of one replica of several, the route is not looked at: it leads to those that answer.
  if (answers && (answering !== wanted || route === "passed" || route === "unknown")) return "ready";
  return refusal ? "failed" : "starting";
}

const words = ({ reason, fix }: ReadinessCheck) => (fix ? `${reason}; ${fix}` : (reason ?? "it does not answer"));

type Found = Pick<Held, "record" | "factsOf" | "problem">;

function canaryOf({ record, factsOf, problem }: Found, now: number): EndpointStatus["canary"] {
  if (record.canary === null) return null;
  const { revision, shadow } = record.canary;
  if (problem?.isFinal && problem.revision === revision) {
    return { revision, state: "failed", reason: problem.reason, percent: 0, shadow: false };
  }
  const facts = factsOf(revision);
  const obstacle = firstObstacle(readinessOf(facts, now).filter(({ stage }) => stage !== "route"));
  const isUp = obstacle === null || conditionIn(facts, now).answers;
  return {
    revision,
    state: isUp ? "ready" : obstacle.state === "failed" ? "failed" : "loading",
    reason: obstacle && words(obstacle),
    percent: record.shares[revision] ?? 0,
    shadow: shadow && isUp,
  };
}

const restartsOf = (pods: readonly Pod[]) =>
  pods
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
