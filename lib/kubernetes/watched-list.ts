import type { ClusterApi, ListOptions } from "./cluster-api";
import { KubeError } from "./kube-error";
import { idOf, type Kind, type KubeObject, keyOfObject } from "./object";

/** The objects of a kind as they are now, kept by one list and a watch that goes on from where it was: no request while nothing changes. */
export type WatchedList = {
  /** Resolves when it was tried to read the list: it is there, or there is a problem. */
  readonly tried: Promise<void>;
  /** Why it cannot be kept up to date, in words; null: it is. */
  readonly problem: () => string | null;
  /** What an own write gave: it is not forgotten while the watch has not told of it yet. */
  readonly note: (object: KubeObject) => void;
};

type Options = Kind &
  Pick<ListOptions, "namespace" | "labels" | "fields"> & {
    /** Called with each object that appeared or changed, or is gone. */
    readonly changed: (object: KubeObject, isGone: boolean) => void;
    readonly pause: (ms: number) => Promise<void>;
  };

const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** How long until it is looked whether a kind that the cluster does not know was installed. */
const UNKNOWN_KIND_MS = 60_000;

/** Runs until `signal` fires. */
export function watchedList(api: ClusterApi, options: Options, signal: AbortSignal): WatchedList {
  const kept = new Kept(options.changed);
  let problem: string | null = "it was not read yet";
  let first: () => void = () => {};
  const tried = new Promise<void>((resolve) => {
    first = resolve;
  });
  const said = (now: string | null) => {
    problem = now;
    first();
  };

  async function round(): Promise<number> {
    if (kept.version === null) {
      const { resourceVersion, items } = await api.list(options, options);
      kept.replace(items, resourceVersion);
    }
    const events = await api.watch(options, { ...options, resourceVersion: kept.version ?? "" }, signal);
    said(null);
    for await (const event of events) {
      if (event.type === "DELETED") kept.forget(event.object);
      else if (event.type !== "BOOKMARK") kept.put(event.object);
      kept.version = event.object.metadata.resourceVersion ?? kept.version;
    }
    return 0;
  }

  /** @returns milliseconds until the next try */
  function afterFailure(error: unknown, failures: number): number {
    if (error instanceof KubeError && error.status === 410) {
      kept.version = null;
      return 0;
    }
    if (error instanceof KubeError && error.reason === "UnknownKind") {
      kept.replace([], "");
      kept.version = null;
      said(null);
      return UNKNOWN_KIND_MS;
    }
    said(error instanceof Error ? error.message : String(error));
    return Math.min(SHORTEST_PAUSE_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS);
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      let pauseMs = 0;
      try {
        pauseMs = await round();
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        pauseMs = afterFailure(error, failures++);
      }
      // Also after a watch that ended at once: never a loop without a breath.
      await options.pause(Math.max(pauseMs, failures === 0 ? 10 : SHORTEST_PAUSE_MS));
    }
    said("it is no longer watched");
  }
  void run();
  return { tried, problem: () => problem, note: (object) => kept.put(object, true) };
}

/** What is known, never going back to an older version of an object. */
class Kept {
  version: string | null = null;
  readonly #objects = new Map<string, KubeObject>();
  readonly #changed: Options["changed"];

  constructor(changed: Options["changed"]) {
    this.#changed = changed;
  }

  /** `isOwnWrite`: it does not come from the watch, which may already be past it. */
  put(object: KubeObject, isOwnWrite = false): void {
    const id = idOf(keyOfObject(object));
    const known = this.#objects.get(id);
    const version = versionOf(object);
    // Not known, and the watch is past it: it has gone since.
    const last = known ? versionOf(known) : BigInt(this.version ?? 0);
    if (isOwnWrite || known ? version <= last : false) return;
    this.#objects.set(id, object);
    this.#changed(object, false);
  }

  forget(object: KubeObject): void {
    const id = idOf(keyOfObject(object));
    const known = this.#objects.get(id);
    if (!known || versionOf(known) > versionOf(object)) return;
    this.#objects.delete(id);
    this.#changed(object, true);
  }

  /** The whole of what is there, as of `version`; what is newer than that stays. */
  replace(items: readonly KubeObject[], version: string): void {
    const listed = new Set(items.map((item) => idOf(keyOfObject(item))));
    for (const [id, known] of this.#objects) {
      if (listed.has(id) || (version !== "" && versionOf(known) > BigInt(version))) continue;
      this.#objects.delete(id);
      this.#changed(known, true);
    }
    for (const item of items) this.put(item);
    this.version = version;
  }
}

/** Versions of one cluster grow: promised since Kubernetes 1.35, and so before. */
const versionOf = ({ metadata }: KubeObject) => BigInt(metadata.resourceVersion ?? 0);
