import { idOfKey, type LiveObject, type WantedObject } from "./live-object";

/** What is to be done in a cluster for one endpoint, in this order. */
export type ClusterPlan = {
  /** Objects that are missing or not as they are wanted, in the order of the manifests. */
  readonly apply: readonly WantedObject[];
  /** Objects of the endpoint that are not wanted any more. */
  readonly remove: readonly LiveObject[];
};

/**
 * Compares what is wanted of an endpoint with what is there. Nothing to do gives an empty plan. Values that the API spells in another
 * way than we do make an object be applied once more, which changes nothing there.
 *
 * @param live objects of the endpoint that are ours, of every kind that we write
 * @param appliedDigests by object: digest of the manifest that was applied last. Fields that it had and the wanted one has not are
 *   only taken away by applying again.
 */
export function planOf(
  wanted: readonly WantedObject[],
  live: readonly LiveObject[],
  appliedDigests: Readonly<Record<string, string>>,
): ClusterPlan {
  const there = new Map(live.map((object) => [idOfKey(object), object]));
  const apply = wanted.filter(({ object, digest }) => {
    const id = idOfKey(object);
    const found = there.get(id);
    return found === undefined || appliedDigests[id] !== digest || !covers(found, object);
  });
  const kept = new Set(wanted.map(({ object }) => idOfKey(object)));
  const remove = live.filter((object) => !kept.has(idOfKey(object)) && object.metadata.deletionTimestamp === undefined);
  return { apply, remove };
}

/** Whether every value of `wanted` is in `found` at the same place. What `found` has beside is of others: defaults, their fields. */
export function covers(found: unknown, wanted: unknown): boolean {
  if (wanted === null || typeof wanted !== "object") return found === wanted;
  if (found === null || typeof found !== "object") return false;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return false;
    return wanted.every((each, i) => covers(found[i], each));
  }
  const held = found as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([key, each]) => each === undefined || covers(held[key], each));
}
