import "server-only";
import { z } from "zod";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { keyAfter, toPage } from "@/lib/page";
import { toProposal } from "./proposal-view";
import { listRetrainingInput, retrainingPage } from "./schema";

/** `<milliseconds>:<id>` */
const sortKey = z.string().regex(/^\d{1,15}:[0-9a-f-]{36}$/);

/** Proposals of an endpoint, newest first. */
export const listRetraining = operation({
  name: "retraining.list",
  permission: "endpoint:read",
  input: listRetrainingInput,
  output: retrainingPage,
  run: async ({ input }) => {
    const endpoint = await db().endpoint.findUnique({ where: { name: input.name }, select: { id: true } });
    if (!endpoint) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
    const [ms, id] = keyAfter(input.cursor, sortKey)?.split(":") ?? [];
    const before = ms === undefined ? undefined : new Date(Number(ms));
    const rows = await db().retrainingProposal.findMany({
      where: {
        endpointId: endpoint.id,
        ...(before && id && { OR: [{ proposedAt: { lt: before } }, { proposedAt: before, id: { lt: id } }] }),
      },
      orderBy: [{ proposedAt: "desc" }, { id: "desc" }],
      take: input.limit + 1,
      include: { endpoint: { select: { name: true } } },
    });
    return toPage(rows, input.limit, (row) => `${row.proposedAt.getTime()}:${row.id}`, toProposal);
  },
});
