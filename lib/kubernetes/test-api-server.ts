import { FIELD_MANAGER } from "./object";
import { type HistoryOptions, TestHistory } from "./test-history";
import { at, differences, type Entry, type Fields, leaves, own, put, type Stored, same } from "./test-managed-fields";
import type { KubeRequest, KubeResponse, Transport } from "./transport";

/**
 * An API server in memory that speaks the protocol: discovery, lists, watches that resume and expire, create, delete with
 * preconditions, and server-side apply with owners of fields. Lists within an object are taken as a whole. What it lacks of a real one
 * does not matter to those who are tested on it; what it has is checked against a real one by the tests of the cluster.
 */

type Kind = { readonly apiVersion: string; readonly kind: string };
type Refusal = {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly causes?: readonly Fields[];
};

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

type ServerOptions = HistoryOptions & {
  readonly kinds: readonly Kind[];
  readonly now: () => number;
  /** Called before each request: may wait, throw as a broken connection does, or answer instead. */
  readonly before?: (request: KubeRequest) => Promise<{ status: number; retryAfter?: number } | null>;
  /** Called after a change was made: throwing loses the answer. */
  readonly after?: (request: KubeRequest) => Promise<void>;
  /** Sees each object before and after it is written. */
  readonly seen?: (before: Stored | null, after: Stored | null) => void;
};

const pluralOf = (kind: string) => kind.toLowerCase().replace(/y$/, "ie").concat("s");

export class TestApiServer {
  /** Requests so far, without those that were broken off. */
  calls = 0;
  readonly #options: ServerOptions;
  readonly #objects = new Map<string, Stored>();
  /** By kind, then by name. */
  readonly #byKind = new Map<string, Map<string, Stored>>();
  readonly #history: TestHistory;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#history = new TestHistory(options);
  }

  readonly transport: Transport = async (request) => {
    const instead = await this.#options.before?.(request);
    this.calls++;
    if (instead) return answer(instead.status, { reason: "Injected", message: "injected" }, instead.retryAfter);
    try {
      if (request.query?.watch) return this.#watch(request);
      const value = this.#handle(request);
      if (request.method !== "GET") await this.#options.after?.(request);
      return answer(200, value);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status, causes, ...said } = error.refusal;
      return answer(status, { ...said, details: { causes: causes ?? [] } });
    }
  };

  all(kind?: string): readonly Stored[] {
    return [...(kind === undefined ? this.#objects : (this.#byKind.get(kind) ?? new Map<string, Stored>())).values()];
  }

  find(kind: string, name: string): Stored | undefined {
    return this.#byKind.get(kind)?.get(name);
  }

  /** What a controller or a person does, by a plain update: what changes becomes theirs. */
  edit(object: Stored, manager: string, change: (copy: Stored) => void): void {
    const copy = structuredClone(object);
    change(copy);
    const changed = differences(object, copy);
    if (changed.length === 0) return;
    for (const entry of copy.metadata.managedFields)
      entry.fields = entry.fields.filter((each) => !changed.includes(each));
    own(copy, { manager, operation: "Update", fields: changed });
    this.#store(copy, object);
  }

  /** What a controller makes. */
  make(kind: Kind, metadata: Partial<Stored["metadata"]> & { name: string; namespace: string }, rest: Fields): Stored {
    const object = this.#born({ ...kind, ...rest, metadata } as unknown as Stored);
    this.#store(object, null);
    return object;
  }

  delete(object: Stored): void {
    const id = idOf(object);
    if (!this.#objects.delete(id)) return;
    this.#byKind.get(object.kind)?.delete(object.metadata.name);
    this.#options.seen?.(object, null);
    this.#history.tell("DELETED", {
      ...object,
      metadata: { ...object.metadata, resourceVersion: `${this.#history.next()}` },
    });
    const own = this.all().filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid),
    );
    for (const each of own) this.delete(each);
  }

  /** Forgets what happened so far: watches from before it expire. */
  compact(): void {
    this.#history.compact();
  }

  #handle(request: KubeRequest): unknown {
    const { pathname } = new URL(request.path, "http://localhost");
    const parts = pathname.split("/").filter((part) => part !== "");
    const apiVersion = parts[0] === "api" ? "v1" : `${parts[1]}/${parts[2]}`;
    const rest = parts.slice(parts[0] === "api" ? 2 : 3);
    if (rest.length === 0) return this.#discover(apiVersion);
    const [, namespace = "", plural = "", name] = rest[0] === "namespaces" ? rest : ["", "", ...rest];
    const kind = this.#options.kinds.find((each) => each.apiVersion === apiVersion && pluralOf(each.kind) === plural);
    if (!kind) throw new Refused({ status: 404, reason: "NotFound", message: "page not found" });
    const at = { ...kind, namespace };
    if (request.method === "GET" && name === undefined) return this.#list(at, request);
    if (request.method === "POST") return this.#create(JSON.parse(request.body ?? "") as Stored);
    const found = this.#objects.get(`${apiVersion}/${kind.kind}/${namespace}/${name}`);
    if (request.contentType === "application/apply-patch+yaml")
      return this.#apply(JSON.parse(request.body ?? "") as Stored, found);
    if (!found) throw new Refused({ status: 404, reason: "NotFound", message: `${plural} "${name}" not found` });
    if (request.method === "GET") return found;
    if (request.method === "DELETE") return this.#remove(found, request);
    return this.#patch(found, JSON.parse(request.body ?? "") as { path: string; value: unknown }[]);
  }

  #discover(apiVersion: string): unknown {
    const kinds = this.#options.kinds.filter((each) => each.apiVersion === apiVersion);
    if (kinds.length === 0) throw new Refused({ status: 404, reason: "NotFound", message: "page not found" });
    return { resources: kinds.map(({ kind }) => ({ name: pluralOf(kind), kind, namespaced: kind !== "Node" })) };
  }

  #list({ apiVersion, kind }: Kind, { query }: KubeRequest): unknown {
    const items = this.all(kind).filter(
      (each) => each.apiVersion === apiVersion && selected(each, query?.labelSelector),
    );
    return { metadata: { resourceVersion: `${this.#history.version}` }, items };
  }

  #create(object: Stored): Stored {
    if (this.#objects.has(idOf(object))) {
      throw new Refused({ status: 409, reason: "AlreadyExists", message: `${object.metadata.name} already exists` });
    }
    const made = this.#born(object);
    own(made, { manager: FIELD_MANAGER, operation: "Update", fields: leaves(object) });
    return this.#store(made, null);
  }

  #apply(wanted: Stored, found: Stored | undefined): Stored {
    const fields = leaves(wanted);
    if (!found) {
      const made = this.#born(wanted);
      own(made, { manager: FIELD_MANAGER, operation: "Apply", fields });
      return this.#store(made, null);
    }
    const { resourceVersion } = wanted.metadata;
    if (resourceVersion !== undefined && resourceVersion !== found.metadata.resourceVersion)
      throw new Refused(MODIFIED);
    const others = found.metadata.managedFields.filter(
      ({ manager, operation }) => manager !== FIELD_MANAGER || operation !== "Apply",
    );
    const causes = fields.flatMap((field) => {
      const owner = others.find((each) => each.fields.includes(field));
      if (!owner || same(at(found, field), at(wanted, field))) return [];
      return [{ reason: "FieldManagerConflict", message: `conflict with "${owner.manager}"`, field }];
    });
    if (causes.length > 0) throw new Refused({ status: 409, reason: "Conflict", message: "conflict", causes });
    const copy = structuredClone(found);
    const mine = copy.metadata.managedFields.find(
      ({ manager, operation }) => manager === FIELD_MANAGER && operation === "Apply",
    );
    const dropped = (mine?.fields ?? []).filter(
      (field) => !fields.includes(field) && !others.some((each) => each.fields.includes(field)),
    );
    for (const field of dropped) put(copy, field, undefined);
    for (const field of fields) put(copy, field, at(wanted, field));
    copy.metadata.managedFields = copy.metadata.managedFields.filter((each) => each !== mine);
    own(copy, { manager: FIELD_MANAGER, operation: "Apply", fields });
    return same(copy, found) ? found : this.#store(copy, found);
  }

  #patch(found: Stored, operations: readonly { path: string; value: unknown }[]): Stored {
    const [test, replace] = operations;
    if (test?.value !== found.metadata.resourceVersion) {
      throw new Refused({
        status: 422,
        reason: "Invalid",
        message: "the server rejected our request: testing path /metadata/resourceVersion: test operation failed",
      });
    }
    const copy = structuredClone(found);
    copy.metadata.managedFields = replace?.value as Entry[];
    return this.#store(copy, found);
  }

  #remove(found: Stored, { body }: KubeRequest): unknown {
    const { preconditions } = JSON.parse(body ?? "{}") as { preconditions?: { uid?: string } };
    if (preconditions?.uid !== undefined && preconditions.uid !== found.metadata.uid) throw new Refused(MODIFIED);
    this.delete(found);
    return {};
  }

  #watch({ query, path, signal }: KubeRequest): KubeResponse {
    const from = Number(query?.resourceVersion);
    if (!this.#history.reaches(from)) return answer(410, { reason: "Expired", message: "too old resource version" });
    const kind = this.#options.kinds.find(
      (each) => path.endsWith(`/${pluralOf(each.kind)}`) && path.includes(`/${each.apiVersion}/`),
    );
    const isMeant = (object: Stored) =>
      object.kind === kind?.kind && object.apiVersion === kind.apiVersion && selected(object, query?.labelSelector);
    const seconds = Number(query?.timeoutSeconds ?? 60);
    return { ...answer(200, {}), lines: () => this.#history.events({ from, signal, seconds, isMeant }) };
  }

  #born(object: Stored): Stored {
    const copy = structuredClone(object);
    const { resourceVersion: _, ...metadata } = copy.metadata;
    const creationTimestamp = new Date(this.#options.now()).toISOString();
    const fresh = {
      uid: `uid-${this.#history.version}`,
      generation: 1,
      creationTimestamp,
      managedFields: [] as Entry[],
    };
    return { ...copy, metadata: { ...metadata, ...fresh, resourceVersion: "" } };
  }

  #store(object: Stored, before: Stored | null): Stored {
    object.metadata.resourceVersion = `${this.#history.next()}`;
    if (before && !same(before.spec, object.spec)) object.metadata.generation++;
    this.#options.seen?.(before, object);
    this.#objects.set(idOf(object), object);
    const named = this.#byKind.get(object.kind) ?? new Map<string, Stored>();
    this.#byKind.set(object.kind, named.set(object.metadata.name, object));
    this.#history.tell(before ? "MODIFIED" : "ADDED", object);
    return object;
  }
}

const MODIFIED: Refusal = { status: 409, reason: "Conflict", message: "the object has been modified" };

const idOf = ({ apiVersion, kind, metadata }: Stored) => `${apiVersion}/${kind}/${metadata.namespace}/${metadata.name}`;

function answer(status: number, value: unknown, retryAfterSeconds: number | null = null): KubeResponse {
  return { status, retryAfterSeconds, text: async () => JSON.stringify(value), lines: async function* () {} };
}

function selected({ metadata }: Stored, selector = ""): boolean {
  return selector
    .split(",")
    .filter((term) => term !== "")
    .every((term) => {
      const [label = "", value] = term.split("=");
      const held = metadata.labels?.[label];
      return value === undefined ? held !== undefined : held === value;
    });
}
