import { asker, open, orNull, type Pace, USUAL_PACE } from "./ask";
import { errorOf } from "./kube-error";
import { FIELD_MANAGER, type Kind, type KubeObject, type ManagedFields, nameOf, type ObjectKey } from "./object";
import { paths } from "./resource-paths";
import type { KubeResponse, Transport } from "./transport";

export type ListOptions = {
  /** Null: of all namespaces, or of a kind that belongs to none. */
  readonly namespace: string | null;
  readonly labels?: string;
  readonly fields?: string;
};

export type KubeList = { readonly resourceVersion: string; readonly items: readonly KubeObject[] };

export type WatchEvent = {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: KubeObject;
};

/** The few things that we ask of an API server. Every method throws `KubeError`, with the object and the reason in words. */
export type ClusterApi = {
  /** Null: there is none. */
  readonly get: (key: ObjectKey) => Promise<KubeObject | null>;
  readonly list: (kind: Kind, options: ListOptions) => Promise<KubeList>;
  /**
   * Server-side apply as `proviso`, never by force: a field of somebody else is a `KubeError` that names each in `conflicts`. With
   * `metadata.resourceVersion` it holds only for that version of the object (409 otherwise). Gives the object as it is now.
   */
  readonly apply: (object: KubeObject, options?: { readonly dryRun?: boolean }) => Promise<KubeObject>;
  /**
   * Makes the object, and only where there is none of the name (409 `AlreadyExists`): apply cannot say that. The fields are then owned
   * as if they had been applied.
   */
  readonly create: (object: KubeObject) => Promise<KubeObject>;
  /** Fields that `create` was interrupted over become owned as if they had been applied. Holds for this version of the object only. */
  readonly takeOver: (object: KubeObject) => Promise<KubeObject>;
  /** Only the object with this `uid`, not another of its name. `false`: it was not there any more. */
  readonly remove: (object: KubeObject) => Promise<boolean>;
  /**
   * Events after `resourceVersion`, once the server began to tell them. They end when the server ends them; 410 `Expired` when it no
   * longer knows that version.
   */
  readonly watch: (
    kind: Kind,
    options: ListOptions & { readonly resourceVersion: string },
    signal: AbortSignal,
  ) => Promise<AsyncIterable<WatchEvent>>;
};

/** The server ends a watch after this time; the next goes on from where it was. */
const WATCH_SECONDS = 120;
const OPEN_SECONDS = 15;
const PAGE = 500;

export function clusterApi(transport: Transport, pace: Pace = USUAL_PACE): ClusterApi {
  const ask = asker(transport, pace);
  const pathOf = paths(ask);

  async function list(kind: Kind, options: ListOptions): Promise<KubeList> {
    const path = await pathOf(kind, options.namespace);
    const items: KubeObject[] = [];
    for (let next = ""; ; ) {
      const query = { ...selectors(options), limit: `${PAGE}`, ...(next && { continue: next }) };
      const page = (await ask(`list of ${kind.kind}`, { method: "GET", path, query })) as Page;
      // Items of a list do not say their own kind.
      items.push(...(page.items ?? []).map((item) => ({ ...item, ...kind })));
      next = page.metadata.continue ?? "";
      if (next === "") return { resourceVersion: page.metadata.resourceVersion, items };
    }
  }

  async function get(key: ObjectKey): Promise<KubeObject | null> {
    const path = `${await pathOf(key, key.namespace)}/${key.name}`;
    return orNull(ask(nameOf(key), { method: "GET", path })) as Promise<KubeObject | null>;
  }

  async function apply(object: KubeObject, { dryRun = false } = {}): Promise<KubeObject> {
    const { name, namespace = null } = object.metadata;
    const path = `${await pathOf(object, namespace)}/${name}`;
    const query = { fieldManager: FIELD_MANAGER, force: "false", ...(dryRun && { dryRun: "All" }) };
    const subject = nameOf({ kind: object.kind, name, namespace });
    // JSON is YAML.
    const request = { path, query, body: JSON.stringify(object), contentType: "application/apply-patch+yaml" };
    return (await ask(subject, { method: "PATCH", ...request })) as KubeObject;
  }

  async function create(object: KubeObject): Promise<KubeObject> {
    const { name, namespace = null } = object.metadata;
    const path = await pathOf(object, namespace);
    const subject = nameOf({ kind: object.kind, name, namespace });
    const request = { path, query: { fieldManager: FIELD_MANAGER }, body: JSON.stringify(object) };
    return takeOver((await ask(subject, { method: "POST", ...request })) as KubeObject);
  }

  async function takeOver(object: KubeObject): Promise<KubeObject> {
    const { name, namespace = null, resourceVersion, managedFields = [] } = object.metadata;
    const path = `${await pathOf(object, namespace)}/${name}`;
    const body = JSON.stringify([
      { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
      { op: "replace", path: "/metadata/managedFields", value: managedFields.map(asApplied) },
    ]);
    const subject = nameOf({ kind: object.kind, name, namespace });
    return (await ask(subject, {
      method: "PATCH",
      path,
      body,
      contentType: "application/json-patch+json",
    })) as KubeObject;
  }

  async function remove(object: KubeObject): Promise<boolean> {
    const { name, namespace = null, uid } = object.metadata;
    const path = `${await pathOf(object, namespace)}/${name}`;
    const body = JSON.stringify({ preconditions: { uid }, propagationPolicy: "Background" });
    const subject = nameOf({ kind: object.kind, name, namespace });
    return (await orNull(ask(subject, { method: "DELETE", path, body }))) !== null;
  }

  async function watch(
    kind: Kind,
    { resourceVersion, ...options }: ListOptions & { readonly resourceVersion: string },
    signal: AbortSignal,
  ): Promise<AsyncIterable<WatchEvent>> {
    const path = await pathOf(kind, options.namespace);
    const flags = { watch: "true", allowWatchBookmarks: "true", timeoutSeconds: `${WATCH_SECONDS}` };
    const query = { ...selectors(options), ...flags, resourceVersion };
    const subject = `watch of ${kind.kind}`;
    const late = AbortSignal.timeout((WATCH_SECONDS + OPEN_SECONDS) * 1000);
    const opening = new AbortController();
    const timer = setTimeout(() => opening.abort(new Error("no answer in time")), OPEN_SECONDS * 1000);
    const end = AbortSignal.any([signal, late, opening.signal]);
    try {
      return events(await open(transport, subject, { method: "GET", path, query, signal: end }), subject, kind);
    } finally {
      clearTimeout(timer);
    }
  }

  return { get, list, apply, create, takeOver, remove, watch };
}

async function* events({ lines }: KubeResponse, subject: string, kind: Kind): AsyncIterable<WatchEvent> {
  for await (const line of lines()) {
    const event = JSON.parse(line) as { type: WatchEvent["type"] | "ERROR"; object: KubeObject & { code?: number } };
    if (event.type === "ERROR") throw errorOf(subject, event.object.code ?? 0, JSON.stringify(event.object));
    yield { type: event.type, object: { ...event.object, ...kind } };
  }
}

/** Whether `create` was interrupted before its fields were taken over. */
export function isHalfMade({ metadata }: KubeObject): boolean {
  return metadata.managedFields?.some(isOwnUpdate) ?? false;
}

const isOwnUpdate = ({ manager, operation, subresource }: ManagedFields) =>
  manager === FIELD_MANAGER && operation === "Update" && !subresource;

const asApplied = (entry: ManagedFields) => (isOwnUpdate(entry) ? { ...entry, operation: "Apply" } : entry);

type Page = {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items?: readonly KubeObject[];
};

const selectors = ({ labels, fields }: ListOptions) => ({
  ...(labels && { labelSelector: labels }),
  ...(fields && { fieldSelector: fields }),
});
