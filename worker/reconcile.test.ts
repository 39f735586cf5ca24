import { describe, expect, test } from "vitest";
import type { ClusterEndpoint, ClusterRevision } from "@/lib/deployments/cluster-endpoint";
import { covers } from "@/lib/deployments/cluster-plan";
import { CLUSTER_CONTRACTS, clusterRevision, FULL_CLUSTER } from "@/lib/serving/test-clusters";
import { clusterWish } from "./cluster-wish";
import { ClusterWorld, weightsOf } from "./test-cluster-world";

const SEEDS = 1000;
const ROUND_MS = 1000;
const CHAOS_MS = 9000;
const NAME = "flights";
const MODEL = "a".repeat(64);

const document = CLUSTER_CONTRACTS["cpu-plain"];
if (!document) throw new RangeError("there is no such contract");
const base = clusterRevision(document, 1);
const revision = (n: number): ClusterRevision => ({
  spec: base.spec,
  identity: { ...base.identity, revision: `${NAME}-r${n}`, modelVersion: `${n}` },
});
const [first, second, third] = [1, 2, 3].map(revision) as [ClusterRevision, ClusterRevision, ClusterRevision];

type Roles = Partial<Pick<ClusterEndpoint, "serving" | "warm" | "canary">>;
const wish = (generation: number, roles: Roles): ClusterEndpoint => ({
  ...{ name: NAME, generation, useCase: "rebooking", cluster: "test", serving: null, warm: null, canary: null },
  ...roles,
  jwt: { issuer: "https://id.example", jwks: { uri: "https://id.example/keys.json" } },
  storage: { [MODEL]: `s3://models/sha256/aa/${MODEL}` },
});

/** A first revision, a canary of the next in two steps, back in one, then on to a third, and back to the second that was left long ago. */
const HISTORY: readonly ClusterEndpoint[] = [
  wish(1, { serving: first }),
  wish(2, { serving: first, canary: { revision: second, percent: 10, shadow: false } }),
  wish(3, { serving: first, canary: { revision: second, percent: 50, shadow: false } }),
  wish(4, { serving: first, warm: second }),
  wish(5, { serving: third, warm: first }),
  wish(6, { serving: second, warm: third }),
];
const LAST = HISTORY.at(-1) as ClusterEndpoint;

/** Two workers whose reading of the database may be old, one of which is killed again and again, on a cluster where all goes wrong. */
async function live(seed: number): Promise<ClusterWorld> {
  const world = new ClusterWorld(seed);
  const { server, chance } = world;
  world.faults = { refused: 0.08, broken: 0.05, lost: 0.05, dropped: 0.1 };
  server.make(
    { apiVersion: "v1", kind: "ConfigMap" },
    { name: "notes", namespace: "models", labels: { foreign: "yes", "proviso.dev/endpoint": NAME } },
    { spec: {} },
  );
  const ends = [new AbortController(), new AbortController()];
  const targets = ends.map(({ signal }) => world.target(signal));
  const began = world.now;
  const wanted = () => Math.min(HISTORY.length - 1, Math.floor(((world.now - began) / CHAOS_MS) * HISTORY.length));
  let isCalm = false;

  async function work(i: number): Promise<void> {
    while (!ends[i]?.signal.aborted || !isCalm) {
      const lag = isCalm ? 0 : Math.floor(chance() * 3);
      const endpoint = HISTORY[Math.max(0, wanted() - lag)] as ClusterEndpoint;
      await targets[i]?.apply([endpoint]).catch(() => {});
      await world.pause(ROUND_MS * (isCalm ? 1 : 0.2 + chance()));
      if (world.now > began + CHAOS_MS + 60_000) return;
    }
  }
  const working = [0, 1].map(work);
  for (let tick = 0; tick < 12; tick++) {
    await world.run(CHAOS_MS / 12);
    disturb(world);
    if (chance() < 0.3) {
      ends[0]?.abort();
      ends[0] = new AbortController();
      targets[0] = world.target(ends[0].signal);
    }
  }
  world.calm();
  isCalm = true;
  await world.run(35_000);
  for (const end of ends) end.abort();
  await world.during(Promise.all(working));
  return world;
}

/** What people and controllers do in a cluster. */
function disturb({ server, chance }: ClusterWorld): void {
  if (chance() < 0.15) server.compact();
  const ours = server
    .all()
    .filter(({ metadata }) => metadata.labels?.["proviso.dev/endpoint"] === NAME && !metadata.labels.foreign);
  // What our controllers do not make again is left.
  const lost = ours.filter(({ kind, metadata }) => !metadata.ownerReferences || kind === "Deployment");
  const some = lost[Math.floor(chance() * lost.length)];
  if (some && chance() < 0.25 && some.kind !== "HTTPRoute" && !some.metadata.name.startsWith("proviso."))
    server.delete(some);
}

function expected() {
  const conditionOf = () => ({ isLoaded: true, answers: true });
  const place = { namespace: "models", capabilities: FULL_CLUSTER };
  return clusterWish(LAST, place, { conditionOf, before: {} }).objects.map(({ object }) => object);
}

describe("two workers on a cluster where everything goes wrong", () => {
  const wanted = expected();
  const nameOf = ({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind} ${metadata.name}`;

  test(`bring it to what is wanted last, in each of ${SEEDS} histories`, { timeout: 900_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { server, broken } = await live(seed);
      const live_ = server.all().filter(({ metadata }) => !metadata.ownerReferences && !metadata.labels?.foreign);
      const at = `seed ${seed}`;
      // No object twice, none too many, none of a lower generation, ever.
      expect([at, ...broken]).toEqual([at]);
      expect([at, ...live_.map(nameOf).sort()]).toEqual([
        at,
        ...[...wanted.map(nameOf), `ConfigMap proviso.${NAME}`].sort(),
      ]);
      for (const object of wanted) {
        const found = server.find(object.kind, object.metadata.name);
        expect([at, nameOf(object), covers(found, object)]).toEqual([at, nameOf(object), true]);
      }
      expect(weightsOf(server.find("HTTPRoute", NAME)?.spec)[0]).toEqual({
        service: `${NAME}-r2-predictor`,
        weight: 100,
      });
      expect(server.find("ConfigMap", "notes")).toBeDefined();
    }
  });
});
