import "server-only";
import { z } from "zod";
import { db, inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { keyAfter, toPage } from "@/lib/page";
import { ENDPOINT_COLUMNS, toEndpoint } from "./endpoint-view";
import { endpoint, endpointKey, endpointPage, listEndpointsInput } from "./schema";

type ListInput = { readonly useCase?: string | undefined; readonly environment?: string | undefined };
/** `<rank of the worst clause>:<name>`; by name the rank is left out. */
const sortKey = z.string().regex(/^(?:[0-4]:)?[a-z0-9-]{1,63}$/);
type Key = { readonly id: string; readonly key: string };

/** Endpoints by name, or with the worst clause first. */
export const listEndpoints = operation({
  name: "endpoint.list",
  permission: "endpoint:read",
  input: listEndpointsInput,
  output: endpointPage,
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, sortKey);
    const keys = await keysOf(input, input.sort, after, input.limit + 1);
    const rows = await db().endpoint.findMany({
      where: { id: { in: keys.map(({ id }) => id) } },
      include: ENDPOINT_COLUMNS,
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const now = new Date();
    const sorted = keys.flatMap(({ id, key }) => {
      const row = byId.get(id);
      return row ? [{ row, key }] : [];
    });
    return toPage(
      sorted,
      input.limit,
      ({ key }) => key,
      ({ row }) => toEndpoint(row, now),
    );
  },
});

export const getEndpoint = operation({
  name: "endpoint.get",
  permission: "endpoint:read",
  input: endpointKey,
  output: endpoint,
  run: async ({ input }) => {
    const row = await db().endpoint.findUnique({ where: { name: input.name }, include: ENDPOINT_COLUMNS });
    if (!row) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
    return toEndpoint(row, new Date());
  },
});

/** One statement, so that it pages in the database. */
function keysOf(filter: ListInput, sort: "name" | "worst", after: string | undefined, take: number): Promise<Key[]> {
  const ranked = sort === "worst";
  return inTransaction(
    (tx) => tx.$queryRaw<Key[]>`
      SELECT id::text, key FROM (
        SELECT e.id, e.environment, u.slug,
          CASE WHEN ${ranked} THEN coalesce(min(CASE c.state
            WHEN 'breached' THEN '0' WHEN 'at_risk' THEN '1' WHEN 'unproven' THEN '2' WHEN 'met' THEN '3' END), '4') || ':' ELSE '' END
          || e.name AS key
        FROM endpoint e
        JOIN use_case u ON u.id = e.use_case_id
        LEFT JOIN revision r ON r.id = e.serving_id
        LEFT JOIN clause_state c ON c.endpoint_id = e.id AND c.contract_id = r.contract_id
        GROUP BY e.id, u.slug
      ) keyed
      WHERE (${filter.useCase ?? null}::text IS NULL OR slug = ${filter.useCase ?? null})
        AND (${filter.environment ?? null}::text IS NULL OR environment = ${filter.environment ?? null})
        AND (${after ?? null}::text IS NULL OR key COLLATE "C" > ${after ?? null})
      ORDER BY key COLLATE "C"
      LIMIT ${take}`,
  );
}
