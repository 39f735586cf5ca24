import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import type { ModelSchema } from "@/lib/registry/model-schema";
import { featureColumns } from "./check-sample";

/** Rows of a sample that requests are made of: enough that no cache of the processor or the model answers for them all. */
const ROWS = 512;

export type SampleRows = readonly (readonly number[])[];

/** The first whole rows of a reference sample, in the order of the model's columns. @throws Error when there is none */
export async function sampleRows(path: string, schema: ModelSchema): Promise<SampleRows> {
  const file = await asyncBufferFromFile(path);
  const columns = [...featureColumns(schema)];
  const rows = await parquetReadObjects({ file, columns, rowStart: 0, rowEnd: 4 * ROWS });
  const whole = rows
    .map((row) =>
      columns.map((name) => (row[name] === null || row[name] === undefined ? Number.NaN : Number(row[name]))),
    )
    .filter((values) => values.every(Number.isFinite))
    .slice(0, ROWS);
  if (whole.length === 0) throw new Error("The reference sample has no row with a number for every feature.");
  return whole;
}

/** Requests of `size` rows each from a sample, `count` of them; `now` in milliseconds is their event time and that of their features. */
export function requestBodies(
  rows: SampleRows,
  schema: ModelSchema,
  { size, count, now }: { size: number; count: number; now: number },
) {
  const columns = featureColumns(schema);
  return Array.from({ length: count }, (_, k) => {
    const chosen = Array.from({ length: size }, (_row, j) => rows[(k * size + j) % rows.length] ?? []);
    return JSON.stringify({
      parameters: { event_time: now, feature_time: now },
      inputs: schema.inputs.map(({ name, datatype, features = [name] }) => {
        const at = features.map((feature) => columns.indexOf(feature));
        const data = chosen.flatMap((row) => at.map((index) => row[index] ?? 0));
        return { name, datatype, shape: [size, features.length], data };
      }),
    });
  });
}
