import { DEPLOYMENT } from "@/lib/audit/schema";
import { db, inTransaction } from "@/lib/db";
import { adoptHostRollback } from "@/lib/deployments/commands/adopt-host-rollback";
import { recordObservation } from "@/lib/deployments/commands/record-observation";
import type { ServingTarget, Wanted } from "@/lib/deployments/target";
import { digestOf } from "@/lib/digest";
import { concludePromotion } from "@/lib/governance/commands/conclude-promotion";
import { concludeRollout } from "@/lib/governance/commands/conclude-rollout";
import { supersedePromotion } from "@/lib/governance/commands/supersede-promotion";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { logger } from "@/lib/logger";
import { each } from "./each";
import type { Job } from "./job";

/** A cluster holds many endpoints of which little changes: what is the same is written down again after this time. */
const RECORD_MS = 5000;

/**
 * Brings what runs on a target to what is wanted there, and writes down what runs. Looks at both ends each time and keeps nothing of its
 * own but the digest of what it sent last, so it can be killed anywhere: the next round, or the next worker, does what is missing.
 */
export function applyEndpoints<Desired extends Wanted>(
  target: ServingTarget<Desired>,
  desired: () => Promise<readonly Desired[]>,
  name = "apply endpoints",
): Job {
  let sent: string | null = null;
  const recorded = new Map<string, { readonly status: EndpointStatus; readonly at: Date }>();
  const isNews = (status: EndpointStatus, at: Date) => {
    const last = recorded.get(status.name);
    return (
      !last || at.getTime() - last.at.getTime() >= RECORD_MS || JSON.stringify(last.status) !== JSON.stringify(status)
    );
  };
  return {
    name,
    everyMs: 1000,
    run: async () => {
      let held = await observe(target);
      // First, so that what is wanted below is what the host went back to.
      await adoptHostRollbacks(held.statuses);
      const wanted = await desired();
      const digest = target.comparesItself ? null : digestOf(wanted);
      if (digest === null || sent !== digest || wanted.some((endpoint) => isBehind(endpoint, held))) {
        const { stale } = await target.apply(wanted);
        // Another worker has applied something newer that this one has not read yet.
        if (stale.length > 0) logger().warn({ endpoints: stale }, "the target holds a higher generation");
        sent = digest;
        held = await observe(target);
      }
      const news = target.comparesItself ? held.statuses.filter((status) => isNews(status, held.at)) : held.statuses;
      await each(news, async (status) => {
        await inTransaction((tx) => recordObservation(tx, status, held.at));
        recorded.set(status.name, { status, at: held.at });
      });
      await concludePromotions();
    },
  };
}

type Held = { readonly statuses: readonly EndpointStatus[]; readonly at: Date };

/** The age of a reading counts from before it was asked for. */
async function observe(target: Pick<ServingTarget, "observe">): Promise<Held> {
  const at = new Date();
  return { statuses: await target.observe(), at };
}

/** Whether the target does not know of what is wanted: also of a rollback of its own that was taken over. */
function isBehind({ name, generation }: Wanted, { statuses }: Held): boolean {
  const status = statuses.find((each) => each.name === name);
  return status === undefined || status.generation < generation || status.rolledBack?.generation === generation;
}

/** What cannot be taken over is logged and holds up nothing else: the target goes on refusing the older wish. */
async function adoptHostRollbacks(statuses: readonly EndpointStatus[]): Promise<void> {
  for (const status of statuses.filter(({ rolledBack }) => rolledBack)) {
    const { name: endpoint, rolledBack } = status;
    try {
      const isNew = await inTransaction((tx) => adoptHostRollback(tx, status));
      if (isNew) logger().warn({ endpoint, rolledBack }, "rollback of the host taken over");
    } catch (error) {
      logger().error({ endpoint, rolledBack, err: error }, "rollback of the host cannot be taken over");
    }
  }
}

async function concludePromotions(): Promise<void> {
  const open = await db().promotion.findMany({ where: { state: "applying" }, select: { id: true } });
  await each(open, async ({ id }) => {
    const outcome = await inTransaction((tx) => concludePromotion(tx, id));
    if (outcome !== "waiting") logger().info({ promotion: id, outcome }, "promotion concluded");
  });
  const ended = await db().promotion.findMany({
    where: { state: "rolling_out", rollout: { endedAt: { not: null } } },
    select: { id: true },
  });
  await each(ended, async ({ id }) => void (await inTransaction((tx) => concludeRollout(tx, id, DEPLOYMENT))));
  const active = await db().promotion.findMany({
    where: { state: "active" },
    select: { id: true, revisionId: true, endpoint: { select: { servingId: true } } },
  });
  const replaced = active.filter(({ revisionId, endpoint }) => endpoint.servingId !== revisionId);
  await each(replaced, async ({ id }) => void (await inTransaction((tx) => supersedePromotion(tx, id))));
}
