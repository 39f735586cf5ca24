// Two revisions of an endpoint in runtime hosts of their own on loopback, behind a real Envoy that is told what to do by the compiled
// objects. Only where those name a Service of the cluster do they name a `Backend` on loopback instead: no Service leads anywhere here.
import { randomUUID } from "node:crypto";
import { freePort } from "@/embedded/free-port.mjs";
import type { ContractDocument } from "@/lib/contracts/document";
import { type Json, objectOf } from "@/lib/serving/manifest";
import type { ManifestRevision } from "@/lib/serving/manifest-input";
import { clusterInput, clusterRevision } from "@/lib/serving/test-clusters";
import { trafficManifests } from "@/lib/serving/traffic-manifests";
import { ISSUER, TestHost, TokenSigner } from "@/runtime/test-host";
import { eventually, type Manifest, type TestCluster } from "./harness";
import { call, type Reply } from "./loopback-server";

const ENDPOINT = "flight-delays";
const ENVOY = "gateway.envoyproxy.io";
const GATEWAY = "inference";
const TRAFFIC = ["SecurityPolicy", "BackendTrafficPolicy", "HTTPRoute", "Backend"];
const ROW = JSON.stringify({ inputs: [{ name: "features", datatype: "FP32", shape: [1, 2], data: [8, 450] }] });

/** Says of an answer which of the contracts of the test it was given under. */
const MARK = "x-test-applied";
/** So many answers in a row, each on a connection of its own: every thread of Envoy has the new routes. */
const ENOUGH = 20;

type Share = Pick<ManifestRevision, "role" | "percent">;
export type Answer = Reply & { readonly by: string };
type Running = { readonly host: TestHost; readonly port: number; readonly pid: () => Promise<number> };

export class TrafficStage {
  readonly signer: TokenSigner;
  readonly #cluster: TestCluster;
  readonly #running: readonly Running[];
  readonly #port: number;
  #applied = 0;

  private constructor(cluster: TestCluster, signer: TokenSigner, running: readonly Running[], port: number) {
    this.signer = signer;
    this.#cluster = cluster;
    this.#running = running;
    this.#port = port;
  }

  /** Both revisions loaded, and a Gateway that listens. */
  static async open(cluster: TestCluster): Promise<TrafficStage> {
    const signer = new TokenSigner();
    const running = [await start(1, signer), await start(2, signer)];
    const port = await freePort();
    const listeners = [{ name: "http", protocol: "HTTP", port }];
    const spec = { gatewayClassName: "envoy", listeners };
    await cluster.apply(cluster.named("gateway.networking.k8s.io/v1", "Gateway", GATEWAY, { spec }));
    const stage = new TrafficStage(cluster, signer, running, port);
    for (const [i, each] of running.entries()) {
      await stage.#point(`${ENDPOINT}-r${i + 1}-predictor`, each.port);
    }
    return stage;
  }

  async close(): Promise<void> {
    for (const { host } of this.#running) await host.close();
  }

  /** Applies what the contract compiles to, with a share of the requests for each revision, and waits until it is in force. */
  async apply(document: ContractDocument, shares: readonly Share[]): Promise<void> {
    const revisions = shares.map((share, i) => clusterRevision(document, i + 1, share));
    const { namespace } = this.#cluster;
    const input = {
      ...clusterInput(revisions, {
        keda: false,
        mesh: null,
        prometheusUrl: null,
        gateway: { name: GATEWAY, namespace },
      }),
      namespace,
      jwt: { issuer: ISSUER, jwks: { inline: JSON.stringify({ keys: [this.signer.jwk] }) } },
    };
    this.#applied += 1;
    const objects = trafficManifests(input).manifests.map((each) => objectOf(each) as Manifest);
    for (const object of objects.filter(({ kind }) => TRAFFIC.includes(kind))) {
      if (object.kind === "Backend")
        await this.#point(object.metadata.name, this.#portOf(object.metadata.name), object);
      else await this.#cluster.apply(marked(onLoopback(object as Json) as Manifest, `${this.#applied}`));
    }
    await this.#isInForce();
  }

  /** Those refused by a limit do not say; each caller asks once. */
  async #isInForce(): Promise<void> {
    let since = 0;
    await eventually(
      async () => {
        const answer = await this.ask(`observer-${randomUUID()}`);
        if (answer.status !== 429) since = answer.headers[MARK] === `${this.#applied}` ? since + 1 : 0;
        return since === ENOUGH;
      },
      60,
      1,
    );
  }

  /** The process of a revision, counted from 1. */
  pid(n: number): Promise<number> {
    return this.#at(n).pid();
  }

  host(n: number): TestHost {
    return this.#at(n).host;
  }

  /** One prediction, asked for by `client`. `by`: the version of the model that answered, `fallback` or the status. */
  async ask(client = "someone", token = this.signer.sign({ aud: ENDPOINT, sub: client })): Promise<Answer> {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const reply = await call(this.#port, {
      method: "POST",
      path: `/v2/models/${ENDPOINT}/infer`,
      headers,
      body: ROW,
    });
    return { ...reply, by: answeredBy(reply) };
  }

  /** Who answered how many of so many requests, one after the other. */
  async count(requests: number): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    for (let each = 0; each < requests; each += 1) {
      const { by } = await this.ask();
      seen[by] = (seen[by] ?? 0) + 1;
    }
    return seen;
  }

  /** Waits for such an answer. */
  answers(isSo: (answer: Answer) => boolean): Promise<Answer> {
    return eventually(async () => {
      const answer = await this.ask();
      return isSo(answer) && answer;
    });
  }

  #at(n: number): Running {
    const found = this.#running[n - 1];
    if (!found) throw new RangeError(`there is no revision ${n}`);
    return found;
  }

  #portOf(revision: string): number {
    return this.#at(Number(/-r(\d+)/.exec(revision)?.[1])).port;
  }

  /** A Backend of that name, at a port of this machine. `object`: the compiled one, which names a host of the cluster. */
  async #point(name: string, port: number, object?: Manifest): Promise<void> {
    const spec = { ...(object?.spec as object), endpoints: [{ ip: { address: "127.0.0.1", port } }] };
    const plain = this.#cluster.named(`${ENVOY}/v1alpha1`, "Backend", name);
    await this.#cluster.apply({ ...(object ?? plain), spec });
  }
}

async function start(n: number, signer: TokenSigner): Promise<Running> {
  const host = new TestHost();
  await host.start();
  const name = `${ENDPOINT}-r${n}`;
  const revision = host.revision(name, { features: 2, seed: n }, { modelVersion: `${n}` });
  const auth = { issuer: ISSUER, audience: ENDPOINT, jwks: { keys: [signer.jwk] } };
  await host.apply(host.config(ENDPOINT, 1, revision, { auth }));
  const { url } = await host.ready(ENDPOINT, name);
  const pid = async () => (await host.ready(ENDPOINT, name)).pid ?? 0;
  return { host, port: Number(new URL(url ?? "").port), pid };
}

/** The same object, with a Backend wherever it names a Service. */
function onLoopback(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => onLoopback(each));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, each]) => [key, each === undefined ? each : onLoopback(each)]);
  const object = Object.fromEntries(entries) as { readonly [key: string]: Json };
  if (object.kind !== "Service") return object;
  const { port: _, ...reference } = object;
  return { ...reference, group: ENVOY, kind: "Backend" };
}

/** The same route, whose answers carry a mark. */
function marked(object: Manifest, value: string): Manifest {
  if (object.kind !== "HTTPRoute") return object;
  const filter = { type: "ResponseHeaderModifier", responseHeaderModifier: { set: [{ name: MARK, value }] } };
  const { rules, ...spec } = object.spec as { rules: { filters?: object[] }[] };
  return {
    ...object,
    spec: { ...spec, rules: rules.map((rule) => ({ ...rule, filters: [...(rule.filters ?? []), filter] })) },
  };
}

function answeredBy({ status, body }: Reply): string {
  if (status !== 200) return `status ${status}`;
  const { model_version: version, parameters } = JSON.parse(body) as {
    model_version: string;
    parameters?: { fallback?: boolean; reason?: string };
  };
  return parameters?.fallback ? `fallback for ${parameters.reason}` : `version ${version}`;
}
