// What a test of the cluster needs: the way in, a namespace of its own, fake nodes, and patience.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { connect } from "@/lib/kubernetes/client";
import { errorOf } from "@/lib/kubernetes/kube-error";
import type { KubeResponse, Transport } from "@/lib/kubernetes/transport";
import { SIMULATED } from "./control-plane";

export type Condition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
};

/** An object as a test writes it. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
};

/** An object as the cluster has it. `S` and `T`: what the test knows of its kind. */
export type Found<S = unknown, T = unknown> = Manifest & {
  readonly metadata: Manifest["metadata"] & { readonly creationTimestamp: string };
  readonly spec?: S;
  readonly status?: T & { readonly conditions?: readonly Condition[] };
};

type Kind = Pick<Manifest, "apiVersion" | "kind">;
type Resource = { readonly name: string; readonly kind: string; readonly namespaced: boolean };
type Send = {
  method: "GET" | "PATCH" | "DELETE" | "POST";
  path: string;
  query?: Record<string, string>;
  body?: object;
};

const TIMEOUT_MS = 20_000;
const POLL_MS = 100;

/** The kubeconfig file of the cluster under test; `npm run test:cluster` sets it. */
function kubeconfigPath(): string {
  const file = process.env.PROVISO_TEST_KUBECONFIG;
  if (!file) throw new Error("PROVISO_TEST_KUBECONFIG names no cluster: npm run test:cluster starts one");
  return file;
}

/** Polls until `look` returns something that is not false, undefined or null; then throws the last error, if there was one. */
export async function eventually<T>(
  look: () => Promise<T | false | undefined | null>,
  seconds = 30,
  everyMs = POLL_MS,
): Promise<NonNullable<T>> {
  const end = performance.now() + seconds * 1000;
  let last: unknown = new Error(`still not so after ${seconds} s: ${look}`);
  while (performance.now() < end) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  }
  throw last;
}

export const conditionOf = (object: Found | undefined, type: string): Condition | undefined =>
  object?.status?.conditions?.find((each) => each.type === type);

export const isTrue = (object: Found | undefined, type: string): boolean =>
  conditionOf(object, type)?.status === "True";

export class TestCluster {
  readonly kubeconfig: string;
  /** Empty at first, gone after the file. */
  readonly namespace: string;
  readonly #transport: Transport;
  readonly #resources = new Map<string, readonly Resource[]>();
  readonly #nodes: string[] = [];
  #groups: ReadonlySet<string> = new Set();
  #simulated = false;

  private constructor(kubeconfig: string, namespace: string) {
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
    this.#transport = connect({ kind: "kubeconfig", text: readFileSync(kubeconfig, "utf8") });
  }

  static async open(name: string): Promise<TestCluster> {
    const cluster = new TestCluster(kubeconfigPath(), `${name}-${randomBytes(3).toString("hex")}`);
    const { groups } = await cluster.#json<{ groups: { name: string }[] }>({ method: "GET", path: "/apis" });
    cluster.#groups = new Set(groups.map((group) => group.name));
    cluster.#simulated = (await cluster.send({ method: "GET", path: SIMULATED })).status === 200;
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: cluster.namespace } });
    return cluster;
  }

  /** Whether the cluster serves an API group. */
  has(group: string): boolean {
    return this.#groups.has(group);
  }

  /** Whether nodes and pods are simulated, so that a test may add nodes and images need not exist. */
  get simulated(): boolean {
    return this.#simulated;
  }

  /** An object of this file's namespace. */
  named(apiVersion: string, kind: string, name: string, rest: Readonly<Record<string, unknown>> = {}): Manifest {
    return { apiVersion, kind, ...rest, metadata: { name, namespace: this.namespace, ...(rest.metadata as object) } };
  }

  /** Server-side apply. Rejects with a `KubeError`. */
  async apply(object: Manifest, { manager = "test", force = true } = {}): Promise<Found> {
    const query = { fieldManager: manager, force: String(force) };
    return await this.#json<Found>({ method: "PATCH", path: await this.#pathOf(object), query, body: object });
  }

  /** Undefined: there is none. */
  async read<S, T>(object: Manifest): Promise<Found<S, T> | undefined> {
    const answer = await this.send({ method: "GET", path: await this.#pathOf(object) });
    return answer.status === 404 ? undefined : await this.#parsed<Found<S, T>>(answer, object.metadata.name);
  }

  /** The objects of a kind in this file's namespace. `selector`: of labels. */
  async list<S, T>(kind: Kind, selector = ""): Promise<Found<S, T>[]> {
    const query = { labelSelector: selector };
    const { items } = await this.#json<{ items: Found<S, T>[] }>({
      method: "GET",
      path: await this.#folder(kind),
      query,
    });
    return items;
  }

  async remove(object: Manifest): Promise<void> {
    await this.#json({ method: "DELETE", path: await this.#pathOf(object) });
  }

  /** A fake node of this file's own, once it is ready; its name. */
  async node(name: string, allocatable: Readonly<Record<string, string>>, labels: Record<string, string> = {}) {
    const full = `${this.namespace}-${name}`;
    const size = { cpu: "64", memory: "512Gi", pods: "110", ...allocatable };
    const metadata = { name: full, labels: { "kubernetes.io/hostname": full, ...labels } };
    const node = { apiVersion: "v1", kind: "Node", metadata };
    await this.#json({
      method: "POST",
      path: "/api/v1/nodes",
      body: { ...node, status: { capacity: size, allocatable: size } },
    });
    this.#nodes.push(full);
    await eventually(async () => isTrue(await this.read(node), "Ready"));
    return full;
  }

  /** The pods at once, then the nodes, which nobody uses any more; the rest of the namespace goes when the cluster has the time. */
  async close(): Promise<void> {
    await this.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } });
    const path = `/api/v1/namespaces/${this.namespace}/pods`;
    await this.#json({ method: "DELETE", path, query: { gracePeriodSeconds: "0" } });
    for (const name of this.#nodes) await this.remove({ apiVersion: "v1", kind: "Node", metadata: { name } });
  }

  send({ body, ...request }: Send): Promise<KubeResponse> {
    const apply = request.method === "PATCH" && { contentType: "application/apply-patch+yaml" };
    const content = body && { body: JSON.stringify(body), ...apply };
    return this.#transport({ ...request, ...content, signal: AbortSignal.timeout(TIMEOUT_MS) });
  }

  async #json<T>(request: Send): Promise<T> {
    return this.#parsed<T>(await this.send(request), `${request.method} ${request.path}`);
  }

  async #parsed<T>(answer: KubeResponse, subject: string): Promise<T> {
    const text = await answer.text();
    if (answer.status >= 300) throw errorOf(subject, answer.status, text);
    return JSON.parse(text) as T;
  }

  async #pathOf(object: Manifest): Promise<string> {
    return `${await this.#folder(object)}/${object.metadata.name}`;
  }

  async #folder({ apiVersion, kind }: Kind): Promise<string> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = await this.#resource(base, kind);
    return resource.namespaced ? `${base}/namespaces/${this.namespace}/${resource.name}` : `${base}/${resource.name}`;
  }

  async #resource(base: string, kind: string): Promise<Resource> {
    const known = this.#resources.get(base)?.find((each) => each.kind === kind);
    if (known) return known;
    const { resources } = await this.#json<{ resources: Resource[] }>({ method: "GET", path: base });
    this.#resources.set(
      base,
      resources.filter(({ name }) => !name.includes("/")),
    );
    const found = this.#resources.get(base)?.find((each) => each.kind === kind);
    if (!found) throw new Error(`the cluster serves no ${kind} of ${base}`);
    return found;
  }
}

/** The cluster under test, with a namespace for the file that asks. Call it once, at the top of the file. */
export async function testCluster(name: string): Promise<TestCluster> {
  const cluster = await TestCluster.open(name);
  afterAll(() => cluster.close());
  return cluster;
}
