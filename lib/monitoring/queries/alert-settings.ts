import "server-only";
import { z } from "zod";
import { db } from "@/lib/db";
import { CHANNEL_COLUMNS, toChannel, toSilence } from "@/lib/monitoring/alert-rows";
import { channelPage, listSilencesInput, silencePage } from "@/lib/monitoring/alert-view";
import { operation } from "@/lib/operation";
import { keyAfter, pageInput, toPage } from "@/lib/page";

const nameKey = z.string().min(1).max(200);

/** Channels by name, without their secrets. */
export const listChannels = operation({
  name: "alert_channel.list",
  permission: "alert:read",
  input: pageInput,
  output: channelPage,
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, nameKey);
    const rows = await db().alertChannel.findMany({
      where: { removedAt: null, ...(after !== undefined && { name: { gt: after } }) },
      include: CHANNEL_COLUMNS,
      orderBy: { name: "asc" },
      take: input.limit + 1,
    });
    return toPage(
      rows,
      input.limit,
      ({ name }) => name,
      (row) => toChannel(row),
    );
  },
});

const silenceSortKey = z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z\/[0-9a-f-]{36}$/);

/** Silences, the newest first; all, or those that hold now. */
export const listSilences = operation({
  name: "alert_silence.list",
  permission: "alert:read",
  input: listSilencesInput,
  output: silencePage,
  run: async ({ input }) => {
    const now = new Date();
    const [at = "", id = ""] = (keyAfter(input.cursor, silenceSortKey) ?? "").split("/");
    const rows = await db().alertSilence.findMany({
      where: {
        ...(input.endpoint && { endpoint: { name: input.endpoint } }),
        ...(input.active === "true" && { endedAt: null, startsAt: { lte: now }, endsAt: { gt: now } }),
        ...(id !== "" && { OR: [{ startsAt: { lt: new Date(at) } }, { startsAt: new Date(at), id: { lt: id } }] }),
      },
      include: { endpoint: { select: { name: true } } },
      orderBy: [{ startsAt: "desc" }, { id: "desc" }],
      take: input.limit + 1,
    });
    return toPage(
      rows,
      input.limit,
      (row) => `${row.startsAt.toISOString()}/${row.id}`,
      (row) => toSilence(row, now.getTime()),
    );
  },
});
