import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction, type Tx } from "@/lib/db";
import { stopOpenRollout } from "@/lib/deployments/commands/stop-open-rollout";
import { goBack } from "@/lib/deployments/desired-change";
import { ENDPOINT_COLUMNS, toEndpoint } from "@/lib/deployments/endpoint-view";
import { readObserved } from "@/lib/deployments/observed-state";
import { rollbackRefusal } from "@/lib/deployments/rollback";
import { endpoint, type RollBackInput, rollBackInput } from "@/lib/deployments/schema";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/**
 * Makes an earlier revision of an endpoint serve again; the one that served is kept warm. The target follows within a second.
 * `conflict` when the endpoint is no longer as it was shown, `precondition` for a revision that cannot serve.
 */
export const rollBackEndpoint = operation({
  name: "endpoint.rollback",
  permission: "endpoint:rollback",
  input: rollBackInput,
  output: endpoint,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await lockEndpoint(tx, input.name);
      refuseUnconfirmed(input);
      refuseChanged(row, input.generation);
      const observed = readObserved(row.observed);
      const to = await findEarlier(tx, row, input.to);
      const refusal = rollbackRefusal(to, row.serving?.name ?? null, observed);
      if (refusal) throw new AppError("precondition", refusal, { to: [refusal] }, { subject: row.name });
      const isRefused = row.serving !== null && observed?.refused?.revision === row.serving.name;
      const desired = goBack(row, to.id, isRefused);
      await stopOpenRollout(tx, row.id, { reason: `${row.name} went back to ${to.name}`, actor: principal });
      const done = await tx.endpoint.update({ where: { id: row.id }, data: desired, include: ENDPOINT_COLUMNS });
      await recordAudit(tx, {
        actor: principal,
        action: "endpoint.rollback",
        outcome: "done",
        subjectType: "endpoint",
        subject: row.name,
        reason: input.reason,
        before: stateOf(row),
        after: stateOf(done),
      });
      return toEndpoint(done, new Date());
    }),
});

type Named = {
  readonly generation: number;
  readonly serving: { readonly name: string } | null;
  readonly warm: { readonly name: string } | null;
};

const stateOf = ({ generation, serving, warm }: Named) => ({
  serving: serving?.name ?? null,
  warm: warm?.name ?? null,
  generation,
});

async function lockEndpoint(tx: Tx, name: string) {
  await tx.$queryRaw`SELECT id FROM endpoint WHERE name = ${name} FOR UPDATE`;
  const row = await tx.endpoint.findUnique({ where: { name }, include: { serving: true, warm: true } });
  if (!row) throw new AppError("not_found", `There is no endpoint ${name}.`);
  return row;
}

function refuseUnconfirmed({ name, confirm }: RollBackInput): void {
  if (confirm === name) return;
  throw new AppError("invalid", `Type ${name} to confirm.`, { confirm: [`this is not ${name}`] }, { subject: name });
}

function refuseChanged(row: Named & { readonly name: string }, shown: number): void {
  if (row.generation === shown) return;
  const { serving, warm, generation } = stateOf(row);
  const now = `${serving ?? "nothing"} serves and ${warm ?? "nothing"} is warm`;
  throw new AppError(
    "conflict",
    `${row.name} changed since you looked: generation ${shown} is now ${generation}, ${now}. Look again before you go back.`,
    undefined,
    { subject: row.name, details: { shown, now: { generation, serving, warm } } },
  );
}

/** The revision that is asked for, else the warm one. */
async function findEarlier(
  tx: Tx,
  row: Named & { readonly id: string; readonly name: string },
  to: string | undefined,
) {
  const name = to || row.warm?.name;
  if (name === undefined) {
    const message = `${row.name} keeps no revision warm: name the one to go back to.`;
    throw new AppError("precondition", message, { to: ["choose a revision"] }, { subject: row.name });
  }
  const found = await tx.revision.findFirst({ where: { name, endpointId: row.id }, include: { contract: true } });
  if (found) return found;
  throw new AppError("invalid", `${row.name} has no revision ${name}.`, { to: [`no revision of ${row.name}`] });
}
