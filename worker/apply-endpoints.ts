import { db, inTransaction } from "@/lib/db";
import { recordObservation } from "@/lib/deployments/commands/record-observation";
import type { DesiredEndpoint, ServingTarget } from "@/lib/deployments/target";
import { digestOf } from "@/lib/digest";
import { concludePromotion } from "@/lib/governance/commands/conclude-promotion";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { logger } from "@/lib/logger";
import { desiredEndpoints, type Issuer } from "./desired-endpoints";
import { each } from "./each";
import type { Job } from "./job";

/**
 * Brings what runs to what is wanted, and writes down what runs. Looks at both ends each time and keeps nothing of its own but the
 * digest of what it sent last, so it can be killed anywhere: the next round, or the next worker, does what is missing.
 */
export function applyEndpoints(target: ServingTarget, issuer: () => Promise<Issuer>): Job {
  let sent: string | null = null;
  return {
    name: "apply endpoints",
    everyMs: 1000,
    run: async () => {
      const wanted = await desiredEndpoints(target.capabilities.target, await issuer());
      const digest = digestOf(wanted);
      let held = await observe(target);
      if (sent !== digest || wanted.some((endpoint) => lags(endpoint, held))) {
        const { stale } = await target.apply(wanted);
        // Another worker has applied something newer that this one has not read yet.
        if (stale.length > 0) logger().warn({ endpoints: stale }, "the target holds a higher generation");
        sent = digest;
        held = await observe(target);
      }
      await each(held.statuses, (status) => inTransaction((tx) => recordObservation(tx, status, held.at)));
      await concludePromotions();
    },
  };
}

type Held = { readonly statuses: readonly EndpointStatus[]; readonly at: Date };

/** The age of a reading counts from before it was asked for. */
async function observe(target: ServingTarget): Promise<Held> {
  const at = new Date();
  return { statuses: await target.observe(), at };
}

function lags({ name, generation }: DesiredEndpoint, { statuses }: Held): boolean {
  const status = statuses.find((each) => each.name === name);
  return status === undefined || status.generation < generation;
}

async function concludePromotions(): Promise<void> {
  const open = await db().promotion.findMany({ where: { state: "applying" }, select: { id: true } });
  await each(open, async ({ id }) => {
    const outcome = await inTransaction((tx) => concludePromotion(tx, id));
    if (outcome !== "waiting") logger().info({ promotion: id, outcome }, "promotion concluded");
  });
}
