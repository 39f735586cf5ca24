import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { DEVICE_COLUMNS, edgeDevice, reportDeviceInput, toDevice } from "@/lib/deployments/edge-device";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/**
 * What a device at the edge says that it runs; the last word counts. Audited when something is new of it. `not_found` for an unknown
 * endpoint, `invalid` for a revision that the endpoint never had.
 */
export const reportDevice = operation({
  name: "device.report",
  permission: "device:report",
  input: reportDeviceInput,
  output: edgeDevice,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const { name, device, revision, modelDigest, runtime, passed, reason = null } = input;
      const endpoint = await tx.endpoint.findUnique({
        where: { name },
        select: { id: true, serving: { select: { name: true } } },
      });
      if (!endpoint) throw new AppError("not_found", `There is no endpoint ${name}.`);
      const ran = await tx.revision.findUnique({ where: { name: revision }, select: { id: true, endpointId: true } });
      if (ran?.endpointId !== endpoint.id) {
        const words = `${name} never had a revision ${revision}.`;
        throw new AppError("invalid", words, { revision: ["not a revision of this endpoint"] });
      }
      // Two reports at once: the second waits, and is compared with the first.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`device:${endpoint.id}:${device}`}))`;
      const key = { endpointId_name: { endpointId: endpoint.id, name: device } };
      const before = await tx.device.findUnique({ where: key, include: DEVICE_COLUMNS });
      const said = { modelDigest, runtime, passed, reason };
      const now = new Date();
      const data = { ...said, revisionId: ran.id, reportedBy: principal.email, reportedAt: now };
      const row = await tx.device.upsert({
        where: key,
        create: { ...data, endpointId: endpoint.id, name: device },
        update: data,
        include: DEVICE_COLUMNS,
      });
      if (!before || isNews(before, row)) {
        await recordAudit(tx, {
          ...{ actor: principal, action: "device.report", outcome: "done", subjectType: "endpoint", subject: name },
          ...(before && { before: { device, revision: before.revision.name, passed: before.passed } }),
          after: { device, revision, ...said },
        });
      }
      return toDevice(row, endpoint.serving?.name ?? null, now);
    }),
});

type Said = { readonly revisionId: string; readonly modelDigest: string; readonly passed: boolean };

const isNews = (before: Said, now: Said): boolean =>
  before.revisionId !== now.revisionId || before.modelDigest !== now.modelDigest || before.passed !== now.passed;
