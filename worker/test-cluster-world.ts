import { WRITTEN_KINDS } from "@/lib/deployments/cluster-kinds";
import { generationOf } from "@/lib/deployments/cluster-record";
import { clusterApi } from "@/lib/kubernetes/cluster-api";
import { TestApiServer } from "@/lib/kubernetes/test-api-server";
import type { Stored } from "@/lib/kubernetes/test-managed-fields";
import { FULL_CLUSTER } from "@/lib/serving/test-clusters";
import { kubernetesTarget } from "./kubernetes-target";

const KINDS = [
  ...WRITTEN_KINDS,
  ...["Deployment", "ReplicaSet"].map((kind) => ({ apiVersion: "apps/v1", kind })),
  ...["Pod", "Event", "Node"].map((kind) => ({ apiVersion: "v1", kind })),
];
const CONTROLLER_MS = 200;
const NAMESPACE = "models";

/** Shares of what goes wrong while faults are on. */
export type Faults = {
  readonly refused: number;
  readonly broken: number;
  readonly lost: number;
  readonly dropped: number;
};
const NONE: Faults = { refused: 0, broken: 0, lost: 0, dropped: 0 };

/** Numbers that a seed decides (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A cluster with its controllers and workers, on a clock that only moves when everybody waits. */
export class ClusterWorld {
  readonly chance: () => number;
  readonly server: TestApiServer;
  /** What was seen that must never be. */
  readonly broken: string[] = [];
  faults: Faults = NONE;
  now = 1_000_000;
  readonly #timers: { at: number; run: () => void }[] = [];
  readonly #loadedOnce = new Set<string>();
  readonly #generations = new Map<string, number>();

  constructor(seed: number) {
    this.chance = chanceOf(seed);
    this.server = new TestApiServer({
      kinds: KINDS,
      now: () => this.now,
      pause: (ms) => this.pause(ms),
      before: () => this.#before(),
      after: async () => {
        if (this.chance() < this.faults.lost) throw new Error("socket hang up");
      },
      deliver: async () => {
        if (this.faults !== NONE) await this.pause(this.chance() * 2000);
        return this.chance() >= this.faults.dropped;
      },
      seen: (before, after) => this.#check(before, after),
    });
  }

  calm(): void {
    this.faults = NONE;
  }

  readonly pause = (ms: number): Promise<void> =>
    new Promise((run) => {
      this.#timers.push({ at: this.now + ms, run });
    });

  /** A worker that has just started. */
  target(signal: AbortSignal, capabilities = FULL_CLUSTER) {
    const api = clusterApi(this.server.transport, { pause: this.pause, chance: this.chance });
    return kubernetesTarget(
      { api, namespace: NAMESPACE, capabilities, now: () => this.now, pause: this.pause },
      signal,
    );
  }

  /** Lets `ms` pass for everybody. */
  async run(ms: number): Promise<void> {
    const end = this.now + ms;
    for (let control = this.now; this.now < end; ) {
      await settled();
      if (this.now >= control) {
        this.#control();
        control = this.now + CONTROLLER_MS;
        await settled();
      }
      const next = Math.min(control, end, ...this.#timers.map(({ at }) => at));
      this.now = Math.max(this.now, next);
      for (const due of this.#timers.filter(({ at }) => at <= this.now)) {
        this.#timers.splice(this.#timers.indexOf(due), 1);
        due.run();
      }
    }
    await settled();
  }

  /** Lets time pass until `work` is done. */
  async during(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    void work.then(end, end);
    while (!isDone) await this.run(1000);
    await work;
  }

  async #before() {
    if (this.faults === NONE) return null;
    await this.pause(this.chance() * 300);
    const drawn = this.chance();
    if (drawn < this.faults.broken) throw new Error("connection reset");
    if (drawn > 1 - this.faults.refused)
      return { status: [429, 500, 503, 504][Math.floor(this.chance() * 4)] ?? 500, retryAfter: 1 };
    return null;
  }

  /** KServe, the Deployment's controller, kubelets and the gateway, each a step. */
  #control(): void {
    for (const service of this.server.all("InferenceService")) {
      const deployment = this.server.find("Deployment", `${service.metadata.name}-predictor`);
      if (!deployment) this.#deploy(service);
      else if (this.chance() < 0.3) this.#start(deployment);
    }
    for (const route of this.server.all("HTTPRoute")) {
      const parents = [
        {
          conditions: [
            { type: "Accepted", status: "True" },
            { type: "ResolvedRefs", status: "True" },
          ],
        },
      ];
      if (route.status === undefined)
        this.server.edit(route, "gateway", (copy) => Object.assign(copy, { status: { parents } }));
    }
  }

  #deploy(service: Stored): void {
    const { name, namespace, labels = {}, annotations = {} } = service.metadata;
    const owned = (owner: Stored, child: string) => ({
      ...{ name: child, namespace, labels, annotations },
      ownerReferences: [{ kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid }],
    });
    const deployment = this.server.make(
      { apiVersion: "apps/v1", kind: "Deployment" },
      owned(service, `${name}-predictor`),
      {
        spec: { replicas: 1 },
      },
    );
    const set = this.server.make(
      { apiVersion: "apps/v1", kind: "ReplicaSet" },
      owned(deployment, `${name}-predictor-1`),
      {},
    );
    this.server.make({ apiVersion: "v1", kind: "Pod" }, owned(set, `${name}-predictor-1-x`), {
      spec: { nodeName: "node" },
    });
  }

  #start(deployment: Stored): void {
    if (deployment.status !== undefined) return;
    const pod = this.server.find("Pod", `${deployment.metadata.name}-1-x`);
    if (!pod) return;
    const containerStatuses = [
      { name: "kserve-container", ready: true, started: true, restartCount: 0, state: { running: {} } },
    ];
    const conditions = [{ type: "Ready", status: "True" }];
    this.server.edit(pod, "kubelet", (copy) => Object.assign(copy, { status: { conditions, containerStatuses } }));
    const status = { observedGeneration: deployment.metadata.generation, updatedReplicas: 1, availableReplicas: 1 };
    this.#loadedOnce.add(deployment.metadata.name);
    this.server.edit(deployment, "controller", (copy) => Object.assign(copy, { status }));
  }

  /** What must hold at every single write. */
  #check(before: Stored | null, after: Stored | null): void {
    const object = after ?? before;
    if (!object) return;
    const name = `${object.kind} ${object.metadata.name}`;
    if (
      object.metadata.labels?.foreign !== undefined &&
      before &&
      JSON.stringify(before.spec) !== JSON.stringify(after?.spec)
    ) {
      this.broken.push(`${name} is of somebody else and was changed`);
    }
    if (after === null) return;
    const generation = generationOf(after as never);
    const highest = this.#generations.get(name) ?? 0;
    if (generation !== 0 && generation < highest)
      this.broken.push(`${name} went from generation ${highest} to ${generation}`);
    this.#generations.set(name, Math.max(highest, generation));
    if (after.kind === "HTTPRoute") this.#checkRoute(after, name);
  }

  #checkRoute({ spec }: Stored, name: string): void {
    for (const { service, weight } of weightsOf(spec)) {
      if (weight > 0 && !this.#loadedOnce.has(service))
        this.broken.push(`${name} leads to ${service}, which never was ready`);
    }
  }
}

type Rules = {
  readonly rules?: readonly { readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[] }[];
};

/** Shares of the predictions in a route, by service. */
export function weightsOf(spec: unknown): { readonly service: string; readonly weight: number }[] {
  const [infer] = (spec as Rules).rules ?? [];
  return (infer?.backendRefs ?? []).map(({ name, weight = 1 }) => ({ service: name, weight }));
}

/** Everybody who could go on has. */
const settled = () => new Promise((done) => setImmediate(done));
