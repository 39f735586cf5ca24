import type { SliceRows } from "@/lib/clickhouse/quality-refresh";
import { contractDocument, type Slice } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { placeSlice, sliceKey } from "@/lib/monitoring/slices";

export type NamedSlice = { readonly endpoint: string; readonly rows: SliceRows };

/** The slices that clauses of contracts in force name, with where the rows of each revision of the endpoint carry their feature. */
export async function slicesInForce(): Promise<NamedSlice[]> {
  const endpoints = await db().endpoint.findMany({
    where: { servingId: { not: null } },
    select: { id: true, name: true, serving: { select: { contract: { select: { document: true } } } } },
  });
  const named = endpoints.flatMap(({ id, name, serving }) => {
    const clauses = serving ? contractDocument.parse(serving.contract.document).clauses : [];
    const slices = clauses.flatMap(({ slice }) => slice ?? []);
    const distinct = new Map(slices.map((slice) => [sliceKey(slice), slice]));
    return distinct.size === 0 ? [] : [{ id, endpoint: name, slices: [...distinct.values()] }];
  });
  if (named.length === 0) return [];
  const revisions = await db().revision.findMany({
    where: { endpointId: { in: named.map(({ id }) => id) } },
    select: { name: true, endpointId: true, contract: { select: { document: true } } },
  });
  return named.flatMap(({ id, endpoint, slices }) => {
    const own = revisions
      .filter(({ endpointId }) => endpointId === id)
      .map(({ name, contract }) => ({ name, features: contractDocument.parse(contract.document).interface.features }));
    return slices.map((slice) => ({ endpoint, rows: rowsOf(slice, own) }));
  });
}

type Revision = { readonly name: string; readonly features: readonly { readonly name: string }[] };

function rowsOf(slice: Slice, revisions: readonly Revision[]): SliceRows {
  const placed = revisions.flatMap(({ name, features }) => {
    const place = placeSlice(features, slice);
    return place ? [{ name, place }] : [];
  });
  const { from, to, values } = placed[0]?.place ?? { from: null, to: null, values: [] };
  return {
    slice: sliceKey(slice),
    revisions: placed.map(({ name }) => name),
    positions: placed.map(({ place }) => place.position),
    ...{ from, to, values },
  };
}
