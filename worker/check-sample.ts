import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import type { ModelSchema } from "@/lib/registry/model-schema";
import type { Verification } from "@/lib/registry/schema";
import { Unfit } from "./verification";

export type Row = Readonly<Record<string, unknown>>;
type Sample = { readonly found: Verification["sample"]; readonly row: Row };

const MAX_ROWS = 5_000_000;
const LOOKED_AT = 1000;

/** The columns that a row of the model's inputs is made of. */
export function featureColumns(schema: ModelSchema): readonly string[] {
  return schema.inputs.flatMap((input) => input.features ?? [input.name]);
}

/**
 * Checks that the reference sample has every feature and `event_time`, and finds a whole row of it.
 * @throws Unfit
 */
export async function checkSample(path: string, schema: ModelSchema): Promise<Sample> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw new Unfit(`The reference sample is no Parquet file: ${messageOf(error)}`);
  });
  const columns = columnsOf(metadata);
  const features = featureColumns(schema);
  const missing = ["event_time", ...features].filter((name) => !columns.includes(name));
  if (missing.length > 0) throw new Unfit(`The reference sample has no column ${missing.join(", ")}.`);
  const rows = Number(metadata.num_rows);
  if (rows < 1 || rows > MAX_ROWS) throw new Unfit(`The reference sample has ${rows} rows; it needs 1 to ${MAX_ROWS}.`);
  const read = (names: readonly string[], rowEnd: number) =>
    parquetReadObjects({ file, metadata, columns: [...names], rowStart: 0, rowEnd }).catch((error: unknown) => {
      throw new Unfit(`The reference sample cannot be read: ${messageOf(error)}`);
    });
  const eventTime = rangeOf(await read(["event_time"], rows));
  const first = await read(features, Math.min(rows, LOOKED_AT));
  const row = first.find((each) => features.every((name) => each[name] !== null && each[name] !== undefined));
  if (!row)
    throw new Unfit(`None of the first ${first.length} rows of the reference sample has a value for every feature.`);
  return { found: { rows, columns, eventTime }, row };
}

function columnsOf(metadata: FileMetaData): string[] {
  const [, ...elements] = metadata.schema;
  return elements.map(({ name }) => name);
}

function rangeOf(rows: readonly Row[]): { from: string; to: string } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const [index, { event_time: value }] of rows.entries()) {
    const ms = millisecondsOf(value);
    if (!Number.isFinite(ms))
      throw new Unfit(`event_time of row ${index} of the reference sample is no time: ${value}.`);
    from = Math.min(from, ms);
    to = Math.max(to, ms);
  }
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** A timestamp column comes as dates; integers are milliseconds since 1970. */
function millisecondsOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  const ms = typeof value === "bigint" || typeof value === "number" ? Number(value) : Number.NaN;
  return Math.abs(ms) <= 8.64e15 ? ms : Number.NaN;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
