import { WRITTEN_KINDS } from "@/lib/deployments/cluster-kinds";
import type { ClusterRecord } from "@/lib/deployments/cluster-record";
import { isRecord, readRecord } from "@/lib/deployments/cluster-record";
import { idOfKey, type KubeEvent, type LiveObject, timeOf } from "@/lib/deployments/live-object";
import type { RevisionFacts } from "@/lib/deployments/revision-facts";
import type { ClusterApi } from "@/lib/kubernetes/cluster-api";
import type { Kind, KubeObject } from "@/lib/kubernetes/object";
import { type WatchedList, watchedList } from "@/lib/kubernetes/watched-list";
import { ENDPOINT_LABEL, MANAGED_BY, REVISION_LABEL } from "@/lib/serving/manifest-metadata";

/** What runs a revision: made by KServe and the controllers after it, with the labels of the InferenceService. */
const WORKLOADS: readonly Kind[] = [
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "apps/v1", kind: "ReplicaSet" },
  { apiVersion: "v1", kind: "Pod" },
];
const EVENTS: Kind = { apiVersion: "v1", kind: "Event" };

type Options = {
  readonly api: ClusterApi;
  readonly namespace: string;
  readonly pause: (ms: number) => Promise<void>;
};

/**
 * What a cluster's namespace holds of our endpoints, kept by watches: reading it costs no request. It may lag behind; whoever writes
 * because of it says which version of an object that was.
 */
export class ClusterView {
  readonly #lists: readonly WatchedList[];
  readonly #byKind = new Map<string, WatchedList>();
  readonly #endpoints = new Map<string, Kept>();
  /** Endpoint by the name of an object. */
  readonly #owners = new Map<string, string>();
  /** Warnings by the name of what they are about. */
  readonly #events = new Map<string, Map<string, KubeEvent>>();

  constructor({ api, namespace, pause }: Options, signal: AbortSignal) {
    const [[label, value]] = Object.entries(MANAGED_BY) as [[string, string]];
    const labels = `${label}=${value},${ENDPOINT_LABEL}`;
    const ours = [...WRITTEN_KINDS, ...WORKLOADS].map((kind) => {
      const list = watchedList(api, { ...kind, namespace, labels, pause, changed: this.#changed }, signal);
      this.#byKind.set(idOfKind(kind), list);
      return list;
    });
    const warnings = { namespace, fields: "type=Warning", pause, changed: this.#happened };
    this.#lists = [...ours, watchedList(api, { ...EVENTS, ...warnings }, signal)];
  }

  /** Throws, with what stands in the way, while what is seen may be old. */
  async upToDate(): Promise<void> {
    await Promise.all(this.#lists.map(({ tried }) => tried));
    const problem = this.#lists.map((list) => list.problem()).find((each) => each !== null);
    if (problem) throw new Error(problem);
  }

  names(): readonly string[] {
    return [...this.#endpoints.keys()].sort();
  }

  /** A number that changes whenever something of the endpoint does. */
  changes(endpoint: string): number {
    return this.#endpoints.get(endpoint)?.changes ?? 0;
  }

  /** Objects of the endpoint that we wrote, of every kind. */
  written(endpoint: string): readonly LiveObject[] {
    return [...this.#of(endpoint)].filter((object) => !object.metadata.ownerReferences?.length && !isRecord(object));
  }

  recordObject(endpoint: string): LiveObject | null {
    return this.#of(endpoint).find(isRecord) ?? null;
  }

  record(endpoint: string): ClusterRecord {
    return readRecord(this.recordObject(endpoint));
  }

  factsOf(
    endpoint: string,
    { revision, modelDigest, isRouted }: Pick<RevisionFacts, "revision" | "modelDigest" | "isRouted">,
  ): RevisionFacts {
    const all = this.#of(endpoint);
    const own = all.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === revision);
    const of = <T extends LiveObject>(kind: string) => own.filter((each) => each.kind === kind) as T[];
    const names = own.map(({ metadata }) => metadata.name);
    return {
      ...{ revision, modelDigest, isRouted },
      service: of("InferenceService")[0] ?? null,
      deployment: of("Deployment")[0] ?? null,
      replicaSets: of("ReplicaSet"),
      pods: of("Pod"),
      events: [...new Set(names)].flatMap((name) => [...(this.#events.get(name)?.values() ?? [])]).sort(byTime),
      route: all.find(({ kind }) => kind === "HTTPRoute") ?? null,
    };
  }

  /** What an own write answered: known before the watch tells of it. */
  note(object: KubeObject): void {
    this.#byKind.get(idOfKind(object))?.note(object);
  }

  #of(endpoint: string): readonly LiveObject[] {
    return [...(this.#endpoints.get(endpoint)?.objects.values() ?? [])];
  }

  readonly #changed = (object: KubeObject, isGone: boolean) => {
    const endpoint = object.metadata.labels?.[ENDPOINT_LABEL];
    if (endpoint === undefined) return;
    const kept = this.#endpoints.get(endpoint) ?? { changes: 0, objects: new Map<string, LiveObject>() };
    if (isGone) {
      kept.objects.delete(idOfKey(object));
      this.#owners.delete(object.metadata.name);
    } else {
      kept.objects.set(idOfKey(object), object);
      this.#owners.set(object.metadata.name, endpoint);
    }
    kept.changes++;
    if (kept.objects.size === 0) this.#endpoints.delete(endpoint);
    else this.#endpoints.set(endpoint, kept);
  };

  readonly #happened = (object: KubeObject, isGone: boolean) => {
    const event: KubeEvent = object;
    const about = event.involvedObject?.name;
    if (about === undefined) return;
    const kept = this.#events.get(about) ?? new Map<string, KubeEvent>();
    if (isGone) kept.delete(object.metadata.name);
    else kept.set(object.metadata.name, event);
    if (kept.size === 0) this.#events.delete(about);
    else this.#events.set(about, kept);
    const owner = this.#endpoints.get(this.#owners.get(about) ?? "");
    if (owner) owner.changes++;
  };
}

type Kept = { changes: number; readonly objects: Map<string, LiveObject> };

const idOfKind = ({ apiVersion, kind }: Kind) => `${apiVersion}/${kind}`;

const timeOfEvent = ({ lastTimestamp, eventTime, metadata }: KubeEvent) =>
  timeOf(lastTimestamp) ?? timeOf(eventTime) ?? timeOf(metadata.creationTimestamp) ?? 0;
const byTime = (a: KubeEvent, b: KubeEvent) => timeOfEvent(a) - timeOfEvent(b);
