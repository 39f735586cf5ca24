import { capacityProblem, gpuAskOf } from "@/lib/deployments/capacity";
import type { ClusterEndpoint } from "@/lib/deployments/cluster-endpoint";
import { planOf } from "@/lib/deployments/cluster-plan";
import { generationOf } from "@/lib/deployments/cluster-record";
import { clusterStatus, conditionIn, type Problem } from "@/lib/deployments/cluster-status";
import { idOfKey, type LiveObject } from "@/lib/deployments/live-object";
import type { ServingTarget } from "@/lib/deployments/target";
import { digestOf } from "@/lib/digest";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import type { ClusterApi } from "@/lib/kubernetes/cluster-api";
import { KubeError } from "@/lib/kubernetes/kube-error";
import { kubernetesCapabilities } from "@/lib/serving/capabilities";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { ClusterView } from "./cluster-view";
import { type ClusterWish, clusterWish } from "./cluster-wish";
import { ClusterWriter, HigherGeneration, Outdated } from "./cluster-writer";

export type ClusterTargetOptions = {
  readonly api: ClusterApi;
  readonly namespace: string;
  readonly capabilities: ClusterCapabilities;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
};

/** How long a refusal is believed before it is tried again, when nothing changed that we would see. */
const FINAL_MS = 30_000;
const PASSING_MS = 1000;
/** Endpoints that are applied side by side. */
const AT_ONCE = 8;

type Settled = {
  /** Of the wish and of what was seen: as long as it stays there is nothing to do. */
  readonly key: string;
  /** Until when, milliseconds since 1970. */
  readonly until: number;
};

/**
 * A namespace of a cluster as a serving target: compiles, applies in order, takes away what is not wanted any more, and says why
 * something does not answer. Keeps watches until `signal` fires; at rest it asks the cluster for nothing else.
 */
export function kubernetesTarget(options: ClusterTargetOptions, signal: AbortSignal): ServingTarget<ClusterEndpoint> {
  const target = new ClusterTarget(options, signal);
  return {
    capabilities: kubernetesCapabilities([options.capabilities]),
    comparesItself: true,
    apply: (endpoints) => target.apply(endpoints),
    observe: () => target.observe(),
  };
}

class ClusterTarget {
  readonly #options: ClusterTargetOptions;
  readonly #view: ClusterView;
  /** By endpoint. */
  readonly #settled = new Map<string, Settled>();
  readonly #problems = new Map<string, Problem>();
  readonly #statuses = new Map<string, { readonly changes: number; readonly status: EndpointStatus }>();
  #wanted: readonly ClusterEndpoint[] = [];

  constructor(options: ClusterTargetOptions, signal: AbortSignal) {
    this.#options = options;
    this.#view = new ClusterView(options, signal);
  }

  async apply(endpoints: readonly ClusterEndpoint[]): Promise<{ readonly stale: readonly string[] }> {
    await this.#view.upToDate();
    this.#wanted = endpoints;
    const stale: string[] = [];
    const left = endpoints.filter((endpoint) => !this.#isSettled(endpoint));
    const work = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        if (!(await this.#bring(next))) stale.push(next.name);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return { stale: stale.sort() };
  }

  async observe(): Promise<readonly EndpointStatus[]> {
    await this.#view.upToDate();
    return this.#wanted.map(({ name }) => this.#statusOf(name));
  }

  #keyOf(endpoint: ClusterEndpoint): string {
    return `${wishKey(endpoint)} ${this.#view.changes(endpoint.name)}`;
  }

  #isSettled(endpoint: ClusterEndpoint): boolean {
    const settled = this.#settled.get(endpoint.name);
    return settled !== undefined && settled.key === this.#keyOf(endpoint) && this.#options.now() < settled.until;
  }

  /** @returns false: the cluster holds a higher generation */
  async #bring(endpoint: ClusterEndpoint): Promise<boolean> {
    const { name } = endpoint;
    const key = this.#keyOf(endpoint);
    const settle = (ms: number) => this.#settled.set(name, { key, until: this.#options.now() + ms });
    try {
      const problem = await this.#write(endpoint);
      if (problem) this.#problems.set(name, problem);
      else this.#problems.delete(name);
      settle(problem ? FINAL_MS : Number.POSITIVE_INFINITY);
      return true;
    } catch (error) {
      if (error instanceof HigherGeneration) {
        settle(PASSING_MS);
        return false;
      }
      if (error instanceof Outdated) return true;
      const problem = problemOf(endpoint, error);
      this.#problems.set(name, problem);
      settle(problem.isFinal ? FINAL_MS : PASSING_MS);
      return true;
    }
  }

  /** @returns what stands in the way of a part of it */
  async #write(endpoint: ClusterEndpoint): Promise<Problem | null> {
    const { name, generation } = endpoint;
    const held = this.#view.recordObject(name);
    const record = this.#view.record(name);
    const live = this.#view.written(name);
    if (Math.max(record.generation, ...live.map(generationOf)) > generation) throw new HigherGeneration();
    const { wish, problem } = await this.#wishFor(endpoint);
    if (wish === null) return problem;
    const { apply, remove } = planOf(wish.objects, live, record.digests);
    const isOnRecord = digestOf(record) === digestOf(wish.record);
    if (apply.length === 0 && remove.length === 0 && isOnRecord) return problem;

    const { api, namespace } = this.#options;
    const writer = new ClusterWriter(
      { api, note: (object) => this.#view.note(object) },
      { name, generation, namespace },
      held,
    );
    const there = new Map(live.map((object) => [idOfKey(object), object]));
    await writer.claim();
    for (const { object } of apply) await writer.apply(object, there.get(idOfKey(object)));
    await writer.remove(remove);
    await writer.settle(wish.record);
    return problem;
  }

  /** What is to be there, without what the cluster cannot take; null: what is there stays as it is. */
  async #wishFor(endpoint: ClusterEndpoint): Promise<{ wish: ClusterWish | null; problem: Problem | null }> {
    const { name, generation } = endpoint;
    const record = this.#view.record(name);
    const now = this.#options.now();
    const conditionOf = (revision: string) => conditionIn(this.#factsOf(name, revision), now);
    const make = (without?: readonly string[]) =>
      clusterWish(endpoint, this.#options, { conditionOf, before: record.shares }, without);
    const wish = make();
    const there = new Set(this.#view.written(name).map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    // What answers is never taken away because a setting was emptied, or a look did not see what it runs on.
    const kept = wish.lacking.find(
      ({ revision }) => there.has(`InferenceService ${revision}`) && (record.shares[revision] ?? 100) > 0,
    );
    if (kept) {
      const revision = endpoint.serving?.identity.revision ?? null;
      const reason = `${kept.revision} stays as it is, and nothing is changed: ${kept.reason}`;
      return { wish: null, problem: { generation, revision, reason, isFinal: true } };
    }
    const lacking = wish.lacking[0] ?? (await this.#noRoom(name, wish));
    if (lacking) return { wish: make([lacking.revision]), problem: { generation, ...lacking, isFinal: true } };
    const [lacks] = wish.cannot;
    if (!lacks) return { wish, problem: null };
    const reason = `${lacks.reason}; ${lacks.fix}`;
    return { wish, problem: { generation, revision: null, reason, isFinal: false } };
  }

  /** A revision that is not there yet and whose GPUs are not free. Looked at before it is applied, since it would wait for ever. */
  async #noRoom(endpoint: string, { objects }: ClusterWish): Promise<{ revision: string; reason: string } | null> {
    const there = new Set(this.#view.written(endpoint).map(idOfKey));
    for (const { object } of objects) {
      const ask = object.kind === "InferenceService" && !there.has(idOfKey(object)) ? gpuAskOf(object) : null;
      const room = ask && (await this.#nodesAndPods());
      const reason = ask && room && capacityProblem(ask, room.nodes, room.pods);
      if (reason) return { revision: object.metadata.name, reason };
    }
    return null;
  }

  /** Null: the account may not read them; then the scheduler has to say it. */
  async #nodesAndPods(): Promise<{ nodes: readonly LiveObject[]; pods: readonly LiveObject[] } | null> {
    const list = (kind: string) => this.#options.api.list({ apiVersion: "v1", kind }, { namespace: null });
    try {
      const [nodes, pods] = await Promise.all([list("Node"), list("Pod")]);
      return { nodes: nodes.items, pods: pods.items };
    } catch (error) {
      if (error instanceof KubeError && error.status === 403) return null;
      throw error;
    }
  }

  #factsOf(endpoint: string, revision: string) {
    const { models, isRouted } = this.#view.record(endpoint);
    return this.#view.factsOf(endpoint, { revision, modelDigest: models[revision] ?? "", isRouted });
  }

  #statusOf(name: string): EndpointStatus {
    const changes = this.#view.changes(name);
    const problem = this.#problems.get(name) ?? null;
    const before = this.#statuses.get(name);
    if (before && before.changes === changes && problem === null && isSteady(before.status)) return before.status;
    const record = this.#view.record(name);
    const factsOf = (revision: string) => this.#factsOf(name, revision);
    const status = clusterStatus({ name, record, factsOf, problem }, this.#options.now());
    this.#statuses.set(name, { changes, status });
    return status;
  }
}

/** Time alone makes nothing of it. */
const isSteady = ({ readiness, canary, reason }: EndpointStatus) =>
  reason === null && !canary && (readiness ?? []).every(({ state }) => state === "passed");

/** The same wish gives the same key. */
function wishKey({ name, generation, serving, warm, canary, jwt, storage }: ClusterEndpoint): string {
  const of = (revision: ClusterEndpoint["serving"]) =>
    revision && [revision.identity.revision, revision.identity.specDigest];
  const parts = [
    name,
    generation,
    of(serving),
    of(warm),
    canary && [of(canary.revision), canary.percent, canary.shadow],
  ];
  return JSON.stringify([...parts, jwt, storage]);
}

/** What the API server will say again is final; a field of somebody else waits for a person, and changes nothing of what serves. */
function problemOf({ generation, serving }: ClusterEndpoint, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  const revision = serving?.identity.revision ?? null;
  if (!(error instanceof KubeError)) return { generation, revision, reason, isFinal: error instanceof RangeError };
  const isFinal = [400, 403, 404, 405, 413, 422].includes(error.status);
  return { generation, revision, reason, isFinal };
}
