import "server-only";
import { insertLabels } from "@/lib/clickhouse/ground-truth";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { parseRowReference } from "@/lib/monitoring/row-reference";
import { type GroundTruthLine, groundTruthReceipt, recordGroundTruthInput } from "@/lib/monitoring/schema";
import { operation } from "@/lib/operation";

/**
 * Takes labels in: all of the lines, or none. Idempotent: a label sent again, by its id or with the same content, changes nothing and
 * keeps its first receive time. A label may come before its row; it waits. Late labels restate the quality of their event day.
 * Throws `invalid` with the line (counted from 1) of an unknown endpoint or a row that cannot be, `unavailable` without a store.
 */
export const recordGroundTruth = operation({
  name: "ground_truth.record",
  permission: "ground_truth:write",
  input: recordGroundTruthInput,
  output: groundTruthReceipt,
  run: async ({ principal, input: { lines } }) => {
    await checkEndpoints(lines);
    const labels = lines.map((line, i) => {
      const reference = parseRowReference(line.row);
      if (!reference) throw invalidLine(i, `row "${line.row}" names a position above 65535`);
      return {
        endpoint: line.endpoint,
        client: line.client ?? principal.email,
        requestId: reference.requestId,
        row: reference.row,
        observedAt: line.observed_at,
        value: line.value,
        withdrawn: line.withdrawn ?? false,
        id: line.id ?? "",
      };
    });
    const receivedAt = Date.now();
    await insertLabels(labels, receivedAt, principal.email);
    return { received: labels.length, receivedAt: new Date(receivedAt).toISOString() };
  },
});

async function checkEndpoints(lines: readonly GroundTruthLine[]): Promise<void> {
  const names = [...new Set(lines.map(({ endpoint }) => endpoint))];
  const known = await db().endpoint.findMany({ where: { name: { in: names } }, select: { name: true } });
  const found = new Set(known.map(({ name }) => name));
  const unknown = lines.findIndex(({ endpoint }) => !found.has(endpoint));
  if (unknown >= 0) throw invalidLine(unknown, `there is no endpoint ${lines[unknown]?.endpoint}`);
}

function invalidLine(index: number, what: string): AppError {
  return new AppError("invalid", `Line ${index + 1}: ${what}. Nothing was stored.`);
}
