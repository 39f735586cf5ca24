import "server-only";
import { z } from "zod";
import { db } from "@/lib/db";
import { OPEN_ROLLOUT_STATES } from "@/lib/deployments/rollout";
import { endpointRollout, type RolloutSwitchView, rolloutList } from "@/lib/deployments/rollout-schema";
import { ROLLOUT_COLUMNS, toRolloutSummary, toRolloutView } from "@/lib/deployments/rollout-view";
import { endpointKey } from "@/lib/deployments/schema";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Enough for every stage, and for people who paused and extended it. */
const EVENTS = 200;
const ENDED = 20;

/** The newest rollout of an endpoint: stages, guards with their margin, history, and why it stopped. */
export const getEndpointRollout = operation({
  name: "rollout.get",
  permission: "endpoint:read",
  input: endpointKey,
  output: endpointRollout,
  run: async ({ input }) => {
    const endpoint = await db().endpoint.findUnique({ where: { name: input.name }, select: { id: true } });
    if (!endpoint) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
    const row = await db().rollout.findFirst({
      where: { endpointId: endpoint.id },
      include: ROLLOUT_COLUMNS,
      orderBy: { startedAt: "desc" },
    });
    if (!row) return { endpoint: input.name, rollout: null };
    const [events, turned] = await Promise.all([
      db().rolloutEvent.findMany({ where: { rolloutId: row.id }, orderBy: { id: "desc" }, take: EVENTS }),
      readSwitch(),
    ]);
    return { endpoint: input.name, rollout: toRolloutView(row, events, { now: new Date(), turned }) };
  },
});

/** Rollouts that are open, the newest first, then the last that ended; and whether they go forward at all. */
export const listRollouts = operation({
  name: "rollout.list",
  permission: "endpoint:read",
  input: z.object({}),
  output: rolloutList,
  run: async () => {
    const [open, ended, turned] = await Promise.all([
      db().rollout.findMany({
        where: { state: { in: [...OPEN_ROLLOUT_STATES] } },
        include: ROLLOUT_COLUMNS,
        orderBy: { startedAt: "desc" },
        take: 1000,
      }),
      db().rollout.findMany({
        where: { endedAt: { not: null } },
        include: ROLLOUT_COLUMNS,
        orderBy: { endedAt: "desc" },
        take: ENDED,
      }),
      readSwitch(),
    ]);
    const now = new Date();
    const items = [...open, ...ended].map((row) => toRolloutSummary(row, turned.paused, now));
    return { switch: turned, items };
  },
});

async function readSwitch(): Promise<RolloutSwitchView> {
  const row = await db().rolloutSwitch.findUnique({ where: { id: 1 } });
  // The migration made the row.
  if (!row) throw new Error("the switch of all rollouts is missing");
  return { paused: row.paused, reason: row.reason, by: row.changedBy, at: row.changedAt.toISOString() };
}
