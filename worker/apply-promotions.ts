import { db, inTransaction } from "@/lib/db";
import { applyPromotion } from "@/lib/governance/commands/apply-promotion";
import { refreshPromotion } from "@/lib/governance/commands/refresh-promotion";
import { logger } from "@/lib/logger";
import { each } from "./each";
import type { Job } from "./job";

/** Makes approved promotions the desired state of their endpoints, and keeps the inputs of those in review up to date. */
export const applyPromotions: Job = {
  name: "apply promotions",
  everyMs: 1000,
  run: async () => {
    const approved = await db().promotion.findMany({ where: { state: "approved" }, select: { id: true } });
    await each(approved, async ({ id }) => {
      const outcome = await inTransaction((tx) => applyPromotion(tx, id));
      if (outcome !== "nothing") logger().info({ promotion: id, outcome }, "approved promotion looked at");
    });
    const inReview = await db().promotion.findMany({ where: { state: "in_review" }, select: { id: true } });
    await each(inReview, async ({ id }) => {
      const changed = await inTransaction((tx) => refreshPromotion(tx, id));
      if (changed) logger().info({ promotion: id }, "inputs of a promotion changed");
    });
  },
};
