import { setMaxListeners } from "node:events";
import { fstatSync } from "node:fs";
import { closeClickHouse } from "@/lib/clickhouse/client";
import { disconnect } from "@/lib/db";
import { env } from "@/lib/env";
import { readIssuerKey } from "@/lib/inference/issuer-key";
import { logger } from "@/lib/logger";
import { applyClusters } from "./apply-clusters";
import { applyEndpoints } from "./apply-endpoints";
import { applyPromotions } from "./apply-promotions";
import { checkGoldenSets } from "./check-golden-sets";
import { deliverAlerts } from "./deliver-alerts";
import { desiredEndpoints, type Issuer } from "./desired-endpoints";
import { evaluateClauses } from "./evaluate-clauses";
import { evidenceRuns } from "./evidence-runs";
import type { Job } from "./job";
import { localTarget } from "./local-target";
import { lookAtClusters } from "./look-at-clusters";
import { loop } from "./loop";
import { makeBaselines } from "./make-baselines";
import { probeEndpoints } from "./probe-endpoints";
import { raiseAlerts } from "./raise-alerts";
import { refreshQuality } from "./refresh-quality";
import { runRollouts } from "./run-rollouts";
import { settleGroundTruth } from "./settle-labels";
import { sweepUploads } from "./sweep-uploads";
import { verifyVersions } from "./verify-versions";

const LONGEST_END_MS = 8000;

/** Each job in a loop of its own: one that waits or fails does not hold up the others. */
function jobs(): readonly Job[] {
  const found: Job[] = [
    applyPromotions,
    checkGoldenSets,
    runRollouts,
    verifyVersions(),
    makeBaselines(),
    sweepUploads,
    evaluateClauses,
    raiseAlerts,
    deliverAlerts,
    refreshQuality(),
    settleGroundTruth,
    probeEndpoints,
    evidenceRuns,
    lookAtClusters,
    applyClusters(ownIssuer),
  ];
  const { RUNTIME_URL: url, RUNTIME_TOKEN: token } = env();
  if (url && token) {
    found.push(applyEndpoints(localTarget({ url, token }), async () => desiredEndpoints("local", await ownIssuer())));
  } else logger().warn("RUNTIME_URL or RUNTIME_TOKEN is not set: nothing is served from here");
  return found;
}

/** Read again each time: a key that was replaced reaches the runtime without a restart. */
async function ownIssuer(): Promise<Issuer> {
  const { INFERENCE_ISSUER: issuer, INFERENCE_KEY_FILE: file } = env();
  if (!issuer || !file)
    throw new Error("INFERENCE_ISSUER and INFERENCE_KEY_FILE are needed to tell endpoints whom to trust");
  const { publicKey } = await readIssuerKey(file);
  return { issuer, jwks: { keys: [{ ...publicKey }] } };
}

/** When started with a pipe as standard input, its end is the end of the parent, also after a kill. */
function onParentGone(end: () => void): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on("error", end).on("end", end).resume();
}

async function main(): Promise<void> {
  const ending = new AbortController();
  const end = () => {
    ending.abort();
    // Whatever hangs is made up for by the next worker.
    setTimeout(() => process.exit(0), LONGEST_END_MS).unref();
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  onParentGone(end);
  const all = jobs();
  // Every job listens for the end.
  setMaxListeners(0, ending.signal);
  logger().info({ jobs: all.map(({ name }) => name) }, "worker runs");
  await Promise.all(all.map((job) => loop(job, ending.signal)));
  await Promise.all([disconnect(), closeClickHouse()]);
  logger().info("worker ended");
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
