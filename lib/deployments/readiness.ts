import type { ReadinessCheck } from "@/lib/inference/desired-state";
import { conditionOf, timeOf } from "./live-object";
import { digest, image, load, scheduling, storage, warmUp } from "./pod-readiness";
import {
  bornAt,
  currentPods,
  failed,
  gaveUp,
  type Look,
  newestReplicaSet,
  type Obstacle,
  patient,
  type RevisionFacts,
  sourceOf,
} from "./revision-facts";

type Stage = ReadinessCheck["stage"];

/** In the order in which a pod comes to answer; what comes after the first obstacle cannot be known. */
const STAGES: readonly (readonly [Stage, Look])[] = [
  ["quota", quota],
  ["scheduling", scheduling],
  ["image", image],
  ["storage", storage],
  ["digest", digest],
  ["load", load],
  ["warm_up", warmUp],
  ["route", route],
];

/** Seconds that a controller gets for its part before its silence is a failure. */
const CONTROLLER_SECONDS = 60;

/**
 * Why a revision answers, or does not: our own verdict from what the cluster holds, not from `Ready` of the InferenceService, which stays
 * true while a change of it fails and says nothing of pods that no node takes.
 */
export function readinessOf(facts: RevisionFacts, now: number): readonly ReadinessCheck[] {
  const at = STAGES.findIndex(([, look]) => look(facts, now) !== null);
  return STAGES.map(([stage, look], i) => {
    if (at === -1 || i < at) return check(stage, "passed");
    const obstacle = i === at ? look(facts, now) : null;
    return obstacle ? blocked(stage, outOfTime(facts, obstacle)) : check(stage, "unknown");
  });
}

/** What stands in the way; null: nothing does. */
export function firstObstacle(checks: readonly ReadinessCheck[]): ReadinessCheck | null {
  return checks.find(({ state }) => state === "failed" || state === "waiting") ?? null;
}

/** Whether requests may be led to it: everything but the route itself, which is only made then. */
export function isLoaded(checks: readonly ReadinessCheck[]): boolean {
  return checks.every(({ stage, state }) => stage === "route" || state === "passed");
}

const check = (stage: Stage, state: "passed" | "unknown"): ReadinessCheck => ({
  stage,
  state,
  reason: null,
  fix: null,
  source: null,
  since: null,
});

const blocked = (stage: Stage, { state, reason, fix, source, since }: Obstacle): ReadinessCheck => ({
  stage,
  state,
  reason,
  fix,
  source,
  since,
});

/** Where the Deployment gave up, waiting is over whatever it is for. The route comes after it. */
function outOfTime(facts: RevisionFacts, obstacle: Obstacle): Obstacle {
  const said = gaveUp(facts);
  if (said === null || obstacle.state === "failed" || obstacle.source.startsWith("HTTPRoute")) return obstacle;
  return { ...obstacle, state: "failed", reason: `${obstacle.reason} (${said})` };
}

/** KServe's words for a service that it will never make pods for. */
const NEVER = ["NoSupportingRuntime", "RuntimeNotRecognized", "RuntimeDisabled", "InvalidPredictorSpec"];

/** Whether the cluster takes it at all: KServe makes a Deployment, the namespace lets it have pods. */
function quota(facts: RevisionFacts, now: number): Obstacle | null {
  const { service, deployment, revision } = facts;
  if (service === null) {
    const source = `InferenceService ${revision}: not found`;
    return { state: "waiting", reason: "its InferenceService is not there yet", fix: null, source, since: null };
  }
  const failure = service.status?.modelStatus?.lastFailureInfo;
  if (failure?.reason && NEVER.includes(failure.reason)) {
    const reason = `KServe refuses it: ${failure.message ?? failure.reason}`;
    const fix = "correct the serving runtime or the version of KServe in the cluster";
    return failed({ reason, fix, source: sourceOf(service, failure.reason), since: null });
  }
  if (deployment === null) {
    const ready = conditionOf(service.status ?? {}, "PredictorReady");
    const reason = `KServe has made no Deployment yet${ready?.message ? `: ${ready.message}` : ""}`;
    const fix = "see whether the KServe controller runs (namespace kserve), and its log";
    const source = sourceOf(service, ready?.reason ?? "no Deployment");
    return patient({ reason, fix, source, since: bornAt(service) }, CONTROLLER_SECONDS, now);
  }
  return refusedPods(facts) ?? noPods(facts, now);
}

function refusedPods(facts: RevisionFacts): Obstacle | null {
  const owner = newestReplicaSet(facts);
  const refused = owner && conditionOf(owner.status ?? {}, "ReplicaFailure");
  if (!owner || refused?.status !== "True") return null;
  const message = refused.message ?? "no pod can be made";
  const isQuota = /exceeded quota/i.test(message);
  const fix = isQuota
    ? "raise the ResourceQuota of the namespace, or free what other endpoints hold of it"
    : "the namespace's admission rules refuse the pod: allow it there, or choose another namespace for the cluster";
  const since = timeOf(refused.lastTransitionTime);
  return failed({ reason: message, fix, source: sourceOf(owner, refused.reason ?? "ReplicaFailure"), since });
}

function noPods(facts: RevisionFacts, now: number): Obstacle | null {
  const { deployment } = facts;
  if (deployment === null || currentPods(facts).length > 0) return null;
  if (deployment.spec?.replicas === 0) {
    const fix = "see who set it to 0: our autoscaling never does";
    return failed({ reason: "it is scaled to no pod", fix, source: sourceOf(deployment, "replicas 0"), since: null });
  }
  const fix = "see whether kube-controller-manager runs";
  const parts = { reason: "no pod was made yet", fix, source: sourceOf(deployment, "no Pod") };
  return patient({ ...parts, since: bornAt(deployment) }, CONTROLLER_SECONDS, now);
}

/** A gateway has taken the route, and knows where it leads. */
function route({ route: found, isRouted, revision }: RevisionFacts, now: number): Obstacle | null {
  if (!isRouted) return null;
  if (found === null) {
    const source = `HTTPRoute of ${revision}: not found`;
    return { state: "waiting", reason: "its route is not there yet", fix: null, source, since: null };
  }
  const parents = found.status?.parents ?? [];
  const refused = parents
    .flatMap(({ conditions = [] }) => conditions)
    .find(({ type, status }) => (type === "Accepted" || type === "ResolvedRefs") && status === "False");
  if (refused) {
    const reason = `the gateway does not take the route: ${refused.message ?? refused.reason ?? refused.type}`;
    const fix = "see the Gateway's listeners (allowedRoutes must admit the namespace) and the services it leads to";
    const source = sourceOf(found, `${refused.type} ${refused.reason ?? ""}`.trim());
    // The Service of a revision may come after the route.
    return patient({ reason, fix, source, since: timeOf(refused.lastTransitionTime) }, CONTROLLER_SECONDS, now);
  }
  if (parents.some((parent) => conditionOf(parent, "Accepted")?.status === "True")) return null;
  const reason = "no gateway has taken the route yet";
  const fix = "see whether the Gateway of this cluster exists, and whether its controller runs";
  return patient({ reason, fix, source: sourceOf(found, "no parent"), since: bornAt(found) }, CONTROLLER_SECONDS, now);
}
