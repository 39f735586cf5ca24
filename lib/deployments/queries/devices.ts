import "server-only";
import { z } from "zod";
import { db } from "@/lib/db";
import { DEVICE_COLUMNS, devicePage, listDevicesInput, toDevice } from "@/lib/deployments/edge-device";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { keyAfter, toPage } from "@/lib/page";

const deviceKey = z.string().min(1).max(100);

/** The devices that run bundles of an endpoint, by name: what each said last against what the endpoint declares. */
export const listDevices = operation({
  name: "endpoint.devices",
  permission: "endpoint:read",
  input: listDevicesInput,
  output: devicePage,
  run: async ({ input }) => {
    const endpoint = await db().endpoint.findUnique({
      where: { name: input.name },
      select: { id: true, serving: { select: { name: true } } },
    });
    if (!endpoint) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
    const after = keyAfter(input.cursor, deviceKey);
    const rows = await db().device.findMany({
      where: { endpointId: endpoint.id, ...(after !== undefined && { name: { gt: after } }) },
      include: DEVICE_COLUMNS,
      orderBy: { name: "asc" },
      take: input.limit + 1,
    });
    const now = new Date();
    return toPage(
      rows,
      input.limit,
      ({ name }) => name,
      (row) => toDevice(row, endpoint.serving?.name ?? null, now),
    );
  },
});
