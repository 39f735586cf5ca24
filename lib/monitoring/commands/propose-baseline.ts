import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { driftWindows } from "@/lib/clickhouse/drift-windows";
import { eventClocks } from "@/lib/clickhouse/event-windows";
import { contractDocument } from "@/lib/contracts/document";
import { db, inTransaction } from "@/lib/db";
import { digestOf } from "@/lib/digest";
import { AppError } from "@/lib/errors";
import { formatDate } from "@/lib/format";
import {
  decidedBaseline,
  payloadOfWindow,
  proposeBaselineInput,
  rangeOfDays,
} from "@/lib/monitoring/baseline-proposal";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import { operation } from "@/lib/operation";
import type { Range } from "@/lib/time";

/**
 * Proposes that the rows of a window are what the endpoint's rows are compared with from now on: the change was wanted. Somebody else
 * decides. `precondition` when nothing serves, the window is not over on the event clock, holds too few rows, or a quality clause is
 * breached: a reference of bad predictions would hide them. `conflict` while another proposal is open.
 */
export const proposeBaseline = operation({
  name: "baseline.propose",
  permission: "baseline:propose",
  input: proposeBaselineInput,
  output: decidedBaseline,
  run: async ({ principal, input }) => {
    const range = rangeOfDays(input);
    const { endpoint, modelVersionId } = await findServing(input.name);
    await refuseUnfinished(endpoint.name, range);
    await refuseWhileBreached(endpoint);
    const [reference] = await inTransaction((tx) => findReferences(tx, [{ endpointId: endpoint.id, modelVersionId }]));
    if (!reference)
      throw refused("the serving version has no reference yet whose bins the new one could have", input.name);
    const [window] = await driftWindows([{ endpoint: endpoint.name, ...range, baselines: reference.ids }]);
    const payload = payloadOfWindow(reference, window ?? { bins: [], counts: [] }, range);
    if (typeof payload === "string") throw refused(`the window cannot be a reference: ${payload}`, input.name);
    return inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM endpoint WHERE id = ${endpoint.id}::uuid FOR UPDATE`;
      const open = await tx.baseline.findFirst({ where: { endpointId: endpoint.id, state: "proposed" } });
      if (open) throw new AppError("conflict", `Proposal ${open.id} by ${open.proposedBy} waits for its decision.`);
      const row = await tx.baseline.create({
        data: {
          ...{ modelVersionId, endpointId: endpoint.id, state: "proposed", payload, digest: digestOf(payload) },
          ...{ windowFrom: new Date(range.from), windowTo: new Date(range.to), reason: input.reason },
          ...{ proposedBy: principal.email, proposedById: principal.id },
        },
      });
      await recordAudit(tx, {
        actor: principal,
        action: "baseline.propose",
        outcome: "done",
        subjectType: "endpoint",
        subject: endpoint.name,
        reason: input.reason,
        after: { baseline: row.id, from: payload.from, to: payload.to, rows: payload.n, digest: row.digest },
      });
      return {
        ...{ id: row.id, endpoint: endpoint.name, state: "proposed" as const, from: payload.from, to: payload.to },
        ...{ rows: payload.n, reason: input.reason, proposedBy: principal.email, decidedBy: null },
      };
    });
  },
});

const refused = (why: string, subject: string) =>
  new AppError("precondition", `${why.charAt(0).toUpperCase()}${why.slice(1)}.`, undefined, { subject });

async function findServing(name: string) {
  const endpoint = await db().endpoint.findUnique({
    where: { name },
    include: { serving: { include: { contract: { select: { document: true } } } }, clauseStates: true },
  });
  if (!endpoint) throw new AppError("not_found", `There is no endpoint ${name}.`);
  if (!endpoint.serving) throw refused(`nothing serves on ${name}, so there is nothing to compare`, name);
  return { endpoint, modelVersionId: endpoint.serving.modelVersionId };
}
type Serving = Awaited<ReturnType<typeof findServing>>["endpoint"];

async function refuseUnfinished(name: string, { to }: Range): Promise<void> {
  const watermark = (await eventClocks()).get(name)?.watermark ?? null;
  if (watermark !== null && to <= watermark) return;
  const at = watermark === null ? "has not started" : `shows ${formatDate(watermark)}`;
  throw refused(`the window is not over: the event clock of ${name} ${at}`, name);
}

async function refuseWhileBreached({ name, clauseStates, serving }: Serving): Promise<void> {
  const clauses = serving ? contractDocument.parse(serving.contract.document).clauses : [];
  const quality = new Set(clauses.filter(({ kind }) => kind === "quality").map(({ id }) => id));
  const breached = clauseStates.find(({ clauseId, state }) => state === "breached" && quality.has(clauseId));
  if (!breached) return;
  throw refused(
    `${breached.clauseId} is breached: a reference of predictions that were wrong would hide the change that made them wrong`,
    name,
  );
}
