import { z } from "zod";
import type { EndpointConfig, EndpointStatus, RevisionConfig } from "@/lib/inference/desired-state";
import type { EndpointRecord } from "./state-file";

/** Body of `POST /v1/rollback` on the host's admin interface. */
export const rollbackOrder = z.strictObject({
  endpoint: z.string().min(1).max(200),
  /** Who asks for it: an account on the host, as it names itself. */
  by: z.string().trim().min(1, "who asks for it").max(200),
  reason: z.string().trim().min(1, "why").max(1000),
});
export type RollbackOrder = z.output<typeof rollbackOrder>;

export type Rollback = NonNullable<EndpointStatus["rolledBack"]>;

type RolledBack = EndpointRecord & { readonly rolledBack: Rollback };

/** A rollback that cannot be done; the text is for a person. */
export class RollbackRefused extends Error {}

/**
 * One step back, under a generation of the host's own: a candidate is dropped and the serving revision answers everything again; without one
 * the warm revision and the serving one change places. The portal's wish of before is refused from now on, until the portal has taken
 * this over. Pure.
 * @param at milliseconds since 1970
 * @throws RollbackRefused when there is nothing to go back to
 */
export function rollBack(record: EndpointRecord | undefined, order: RollbackOrder, at: number): RolledBack {
  const config = record?.config;
  if (!record || !config) throw new RollbackRefused(`this host serves no endpoint '${order.endpoint}'`);
  const { canary, serving } = config;
  if (canary && serving) return stepped(record, { ...order, at, from: canary.revision, to: serving }, { canary: null });
  const { serving: from, warm: to } = config;
  if (!from || !to) throw new RollbackRefused(`'${order.endpoint}' keeps no earlier revision to go back to`);
  const { crashed } = record;
  if (crashed?.revision === to.revision) {
    throw new RollbackRefused(`${to.revision} is no way back: ${crashed.reason}`);
  }
  return stepped(record, { ...order, at, from, to }, { serving: to, warm: from });
}

type Step = RollbackOrder & { readonly at: number; readonly from: RevisionConfig; readonly to: RevisionConfig };

function stepped(
  record: EndpointRecord,
  { by, reason, at, from, to }: Step,
  change: Partial<EndpointConfig>,
): RolledBack {
  const { config, crashed } = record;
  const generation = record.generation + 1;
  return {
    ...record,
    generation,
    config: config && { ...config, ...change, generation },
    // What took the process down is not loaded again just to be kept warm.
    crashed: crashed && { ...crashed, generation },
    rolledBack: { from: from.revision, to: to.revision, at, by, reason, generation },
  };
}
