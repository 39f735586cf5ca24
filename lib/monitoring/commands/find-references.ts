import "server-only";
import type { Tx } from "@/lib/db";
import { type BaselinePayload, baselinePayload } from "@/lib/monitoring/baseline";
import type { Reference } from "@/lib/monitoring/drift";

/** A version on an endpoint: its reference is the newest that was accepted for both, else the version's own. */
export type Served = { readonly endpointId: string; readonly modelVersionId: string };

type Row = { id: number; modelVersionId: string; endpointId: string | null };

/** A baseline never changes, so it is read and checked once. */
const kept = new Map<number, BaselinePayload>();
const MOST_KEPT = 500;

/** The reference of each served version, in the order given; null where there is none yet. */
export async function findReferences(tx: Tx, served: readonly Served[]): Promise<(Reference | null)[]> {
  if (served.length === 0) return [];
  const rows: Row[] = await tx.baseline.findMany({
    where: {
      state: "accepted",
      modelVersionId: { in: [...new Set(served.map(({ modelVersionId }) => modelVersionId))] },
    },
    select: { id: true, modelVersionId: true, endpointId: true },
    orderBy: { id: "desc" },
  });
  await read(
    tx,
    rows.map(({ id }) => id),
  );
  return served.map((one) => referenceOf(one, rows));
}

function referenceOf({ endpointId, modelVersionId }: Served, rows: readonly Row[]): Reference | null {
  const own = rows.filter((row) => row.modelVersionId === modelVersionId);
  const row = own.find((each) => each.endpointId === endpointId) ?? own.find((each) => each.endpointId === null);
  const payload = row && kept.get(row.id);
  if (!row || !payload) return null;
  const root = payload.edgesOf ?? row.id;
  const ids = own.map(({ id }) => id).filter((id) => id === root || kept.get(id)?.edgesOf === root);
  return { id: row.id, ids, payload };
}

async function read(tx: Tx, ids: readonly number[]): Promise<void> {
  const missing = ids.filter((id) => !kept.has(id));
  if (missing.length === 0) return;
  if (kept.size + missing.length > MOST_KEPT) kept.clear();
  const wanted = ids.filter((id) => !kept.has(id));
  for (const row of await tx.baseline.findMany({
    where: { id: { in: wanted } },
    select: { id: true, payload: true },
  })) {
    kept.set(row.id, baselinePayload.parse(row.payload));
  }
}
