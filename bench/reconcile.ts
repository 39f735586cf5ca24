import type { ClusterEndpoint } from "@/lib/deployments/cluster-endpoint";
import { CLUSTER_CONTRACTS, clusterRevision } from "@/lib/serving/test-clusters";
import { ClusterWorld } from "@/worker/test-cluster-world";
import { type BenchResult, option, rounded } from "./report";

/**
 * The reconciler on a cluster in memory whose clock moves when everybody waits: requests per minute and share of a processor while
 * nothing changes, with a round each second, and the time of a worker that has just started until it knows every endpoint to be as
 * wanted. Reference: the first apply of all of them.
 */
const ROUND_MS = 1000;
/** Two turns of every watch. */
const REST_MS = 240_000;

export async function bench(args: readonly string[]): Promise<BenchResult> {
  const count = option(args, "endpoints", 1000);
  const world = new ClusterWorld(1);
  const wanted = Array.from({ length: count }, (_, i) => wish(`endpoint-${i}`));

  const first = await converge(world, wanted);
  first.end();
  const restart = await converge(world, wanted);
  const calls = world.server.calls;
  const cpu = process.cpuUsage();
  const began = world.now;
  while (world.now < began + REST_MS) await world.during(round(restart.target, wanted));
  const { user, system } = process.cpuUsage(cpu);
  const callsPerMinute = (world.server.calls - calls) / (REST_MS / 60_000);
  const cpuPercent = ((user + system) / 1000 / REST_MS) * 100;
  return {
    table: [
      ["", "requests", "seconds"],
      [`first apply of ${count} endpoints`, `${first.calls}`, first.seconds.toFixed(1)],
      ["a worker that has just started", `${restart.calls}`, restart.seconds.toFixed(1)],
      ["a minute at rest", callsPerMinute.toFixed(1), `${cpuPercent.toFixed(1)} % of a processor`],
    ],
    result: {
      endpoints: count,
      callsPerMinute: rounded(callsPerMinute),
      cpuPercent: rounded(cpuPercent),
      secondsToConverge: rounded(restart.seconds),
      callsOfRestart: restart.calls,
      secondsOfFirstApply: rounded(first.seconds),
    },
  };
}

/** A new worker, until it says of every endpoint that it is ready. Seconds are those of this machine: the cluster answers at once. */
async function converge(world: ClusterWorld, wanted: readonly ClusterEndpoint[]) {
  const calls = world.server.calls;
  const started = performance.now();
  const ending = new AbortController();
  const target = world.target(ending.signal);
  for (;;) {
    await world.during(target.apply(wanted));
    const statuses = await target.observe();
    if (statuses.every(({ state, generation }) => state === "ready" && generation === 1)) break;
    await world.run(ROUND_MS);
  }
  const end = () => ending.abort();
  return { target, end, calls: world.server.calls - calls, seconds: (performance.now() - started) / 1000 };
}

/** What the worker does each second: no sooner, since the world lets a second pass at least. */
async function round(target: ReturnType<ClusterWorld["target"]>, wanted: readonly ClusterEndpoint[]): Promise<void> {
  await target.apply(wanted);
  await target.observe();
}

function wish(name: string): ClusterEndpoint {
  const document = CLUSTER_CONTRACTS["cpu-plain"];
  if (!document) throw new RangeError("there is no such contract");
  const { spec, identity } = clusterRevision(document, 1);
  return {
    ...{ name, generation: 1, useCase: "rebooking", cluster: "bench", warm: null, canary: null },
    serving: { spec, identity: { ...identity, revision: `${name}-r1` } },
    jwt: { issuer: "https://id.example", jwks: { uri: "https://id.example/keys.json" } },
    storage: { [identity.modelDigest]: `s3://models/${identity.modelDigest}` },
  };
}
