import {
  conditionOf,
  type Deployment,
  type HttpRoute,
  type InferenceService,
  type KubeEvent,
  type LiveObject,
  type Pod,
  type ReplicaSet,
  timeOf,
} from "./live-object";

/** What a cluster holds of one revision. */
export type RevisionFacts = {
  /** Name of its InferenceService. */
  readonly revision: string;
  /** SHA-256 of the model that it is to serve. */
  readonly modelDigest: string;
  readonly service: InferenceService | null;
  readonly deployment: Deployment | null;
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  /** Of any of these, newest last. */
  readonly events: readonly KubeEvent[];
  readonly route: HttpRoute | null;
  /** Whether the cluster leads requests by a route at all. */
  readonly isRouted: boolean;
};

/** What stands in the way at one stage. */
export type Obstacle = {
  readonly state: "waiting" | "failed";
  readonly reason: string;
  readonly fix: string | null;
  readonly source: string;
  /** Milliseconds since 1970; null: not known. */
  readonly since: number | null;
};

/** Null: the stage is passed. */
export type Look = (facts: RevisionFacts, now: number) => Obstacle | null;

export const waiting = (parts: Omit<Obstacle, "state">): Obstacle => ({ state: "waiting", ...parts });
export const failed = (parts: Omit<Obstacle, "state">): Obstacle => ({ state: "failed", ...parts });

/** Waiting for so long, then failed: nothing is "loading" for ever. */
export function patient(parts: Omit<Obstacle, "state">, seconds: number, now: number): Obstacle {
  const { since } = parts;
  if (since === null || now - since <= seconds * 1000) return waiting(parts);
  return failed({ ...parts, reason: `${parts.reason}, for more than ${spell(seconds)}` });
}

const spell = (seconds: number) => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);

const DEPLOYMENT_REVISION = "deployment.kubernetes.io/revision";

/** The ReplicaSet of the Deployment as it is now: pods of an older one say nothing about this one. */
export function newestReplicaSet({ replicaSets }: RevisionFacts): ReplicaSet | null {
  const numberOf = ({ metadata }: LiveObject) => Number(metadata.annotations?.[DEPLOYMENT_REVISION] ?? 0);
  return replicaSets.reduce<ReplicaSet | null>(
    (newest, each) => (newest === null || numberOf(each) > numberOf(newest) ? each : newest),
    null,
  );
}

/** Pods of the newest ReplicaSet that are not on their way out, by name. */
export function currentPods(facts: RevisionFacts): readonly Pod[] {
  const owner = newestReplicaSet(facts)?.metadata.uid;
  return facts.pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ metadata }) => owner === undefined || metadata.ownerReferences?.some(({ uid }) => uid === owner))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The newest event about an object with one of these reasons. */
export function eventOf({ events }: RevisionFacts, { metadata, kind }: LiveObject, reasons: readonly string[]) {
  return events.findLast(
    ({ involvedObject, reason = "" }) =>
      involvedObject?.kind === kind && involvedObject.name === metadata.name && reasons.includes(reason),
  );
}

/** `Pod flights-r3-predictor-x: Unschedulable` */
export const sourceOf = ({ kind, metadata }: LiveObject, said: string) => `${kind} ${metadata.name}: ${said}`;

export const bornAt = ({ metadata }: LiveObject) => timeOf(metadata.creationTimestamp);

/** The worst of what stands in the way of several pods: failed before waiting. */
export function worst(obstacles: readonly (Obstacle | null)[]): Obstacle | null {
  const found = obstacles.filter((each) => each !== null);
  return found.find(({ state }) => state === "failed") ?? found[0] ?? null;
}

/** Whether the Deployment's controller gave up waiting for new pods. */
export function gaveUp({ deployment }: RevisionFacts): string | null {
  const progressing = deployment && conditionOf(deployment.status ?? {}, "Progressing");
  if (progressing?.status !== "False" || progressing.reason !== "ProgressDeadlineExceeded") return null;
  return progressing.message ?? "its progress deadline is exceeded";
}
