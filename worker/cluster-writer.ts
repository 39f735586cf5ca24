import {
  type ClusterRecord,
  generationOf,
  readRecord,
  recordObject,
  saysGeneration,
} from "@/lib/deployments/cluster-record";
import type { LiveObject } from "@/lib/deployments/live-object";
import { type ClusterApi, isHalfMade } from "@/lib/kubernetes/cluster-api";
import { KubeError } from "@/lib/kubernetes/kube-error";
import { type KubeObject, keyOfObject, nameOf } from "@/lib/kubernetes/object";
import { ENDPOINT_LABEL } from "@/lib/serving/manifest-metadata";

/** The cluster holds a higher generation of the endpoint: nothing of this one is written any more. */
export class HigherGeneration extends Error {}

/** The cluster is not as it was when this was decided: the next round decides again. */
export class Outdated extends Error {}

type Place = { readonly name: string; readonly generation: number; readonly namespace: string };
type Options = {
  readonly api: ClusterApi;
  /** Takes note of what a write answered. */
  readonly note: (object: KubeObject) => void;
};

/**
 * Writes of one endpoint at one generation. Every write that could undo a newer wish holds only for the version of the object that the
 * decision was made from, so that a worker that stood still for a while cannot lead traffic anywhere.
 */
export class ClusterWriter {
  readonly #api: ClusterApi;
  readonly #note: Options["note"];
  readonly #place: Place;
  /** As it was when everything was decided, then as last written. */
  #record: LiveObject | null;

  constructor({ api, note }: Options, place: Place, record: LiveObject | null) {
    this.#api = api;
    this.#note = note;
    this.#place = place;
    this.#record = record;
  }

  /** Puts this generation on record, or finds that it is there. */
  async claim(): Promise<void> {
    await this.#check();
    const held = readRecord(this.#record);
    if (held.generation < this.#place.generation) await this.#put({ ...held, generation: this.#place.generation });
  }

  /** Puts on record what is in force now. */
  async settle(record: ClusterRecord): Promise<void> {
    await this.#put(record);
  }

  /** @param found the object as it was when this was decided; undefined: there was none */
  async apply(wanted: LiveObject, found: LiveObject | undefined): Promise<void> {
    if (!saysGeneration(wanted)) {
      this.#note(await this.#api.apply(wanted));
      return;
    }
    await this.#guarded(wanted, found);
  }

  /** What is not wanted any more, while nobody wants something newer. */
  async remove(objects: readonly LiveObject[]): Promise<void> {
    if (objects.length === 0) return;
    await this.#check();
    for (const object of objects) await this.#api.remove(object);
  }

  async #put(record: ClusterRecord): Promise<void> {
    const { name, namespace } = this.#place;
    this.#record = await this.#guarded(recordObject(name, namespace, record), this.#record ?? undefined);
  }

  /** Whether the record is still what everything was decided from. */
  async #check(): Promise<void> {
    const { name, namespace, generation } = this.#place;
    const now = await this.#api.get(keyOfObject(recordObject(name, namespace, readRecord(null))));
    if (now) this.#note(now);
    if (now && generationOf(now) > generation) throw new HigherGeneration();
    if (now?.metadata.resourceVersion !== this.#record?.metadata.resourceVersion) throw new Outdated();
  }

  async #guarded(wanted: LiveObject, found: LiveObject | undefined): Promise<KubeObject> {
    if (found && generationOf(found) > this.#place.generation) throw new HigherGeneration();
    try {
      const written = found ? await this.#over(wanted, found) : await this.#api.create(wanted);
      this.#note(written);
      return written;
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      const now = await this.#api.get(keyOfObject(wanted));
      if (now && found === undefined && now.metadata.labels?.[ENDPOINT_LABEL] !== this.#place.name) {
        throw new RangeError(
          `${nameOf(keyOfObject(now))} is there and is not ours: delete it, or give it another name`,
        );
      }
      if (now) this.#note(now);
      throw now && generationOf(now) > this.#place.generation ? new HigherGeneration() : new Outdated();
    }
  }

  async #over(wanted: LiveObject, found: KubeObject): Promise<KubeObject> {
    const held = isHalfMade(found) ? await this.#api.takeOver(found) : found;
    const { resourceVersion } = held.metadata;
    return this.#api.apply({
      ...wanted,
      metadata: { ...wanted.metadata, ...(resourceVersion && { resourceVersion }) },
    });
  }
}

/** Somebody else made or changed the object since; a field of somebody else is another matter. */
function isOvertaken(error: unknown): boolean {
  if (!(error instanceof KubeError) || error.conflicts.length > 0) return false;
  // A patch of the list of owners whose test fails is invalid (422).
  return error.status === 409 || (error.status === 422 && /test operation|resourceVersion/i.test(error.message));
}
