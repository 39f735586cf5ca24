import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { goldenRows } from "@/lib/registry/golden-row";
import type { ModelSchema } from "@/lib/registry/model-schema";
import type { Verification } from "@/lib/registry/schema";
import { Unfit } from "./verification";

export type Row = Readonly<Record<string, unknown>>;
type Sample = { readonly found: Verification["sample"]; readonly rows: readonly [Row, ...Row[]] };

const MAX_ROWS = 5_000_000;
const LOOKED_AT = 1000;

/** The columns that a row of the model's inputs is made of. */
export function featureColumns(schema: ModelSchema): readonly string[] {
  return schema.inputs.flatMap((input) => input.features ?? [input.name]);
}

/**
 * Checks that the reference sample has every feature and `event_time`, and finds whole rows of it, up to as many as are kept.
 * @throws Unfit
 */
export async function checkSample(path: string, schema: ModelSchema): Promise<Sample> {
  const features = featureColumns(schema);
  const { rows, columns, read } = await openSample(path, "The reference sample", features);
  const eventTime = rangeOf(await read(["event_time"], rows), "the reference sample");
  const first = await read(features, Math.min(rows, LOOKED_AT));
  const whole = first.filter((each) => features.every((name) => each[name] !== null && each[name] !== undefined));
  const [row, ...others] = whole.slice(0, goldenRows(features.length));
  if (!row)
    throw new Unfit(`None of the first ${first.length} rows of the reference sample has a value for every feature.`);
  return { found: { rows, columns, eventTime }, rows: [row, ...others] };
}

/**
 * Checks that the evaluation sample has every feature, `event_time`, and a `label` of 0 or 1 in every row, both of them somewhere.
 * @throws Unfit
 */
export async function checkEvaluationSample(path: string, schema: ModelSchema): Promise<void> {
  const { rows, read } = await openSample(path, "The evaluation sample", ["label", ...featureColumns(schema)]);
  rangeOf(await read(["event_time"], rows), "the evaluation sample");
  const labels = (await read(["label"], rows)).map(({ label }) => (label === null ? Number.NaN : Number(label)));
  const wrong = labels.findIndex((label) => label !== 0 && label !== 1);
  if (wrong >= 0) throw new Unfit(`label of row ${wrong} of the evaluation sample is ${labels[wrong]}, not 0 or 1.`);
  if (new Set(labels).size < 2) throw new Unfit("The labels of the evaluation sample are all the same.");
}

type Opened = {
  readonly rows: number;
  readonly columns: string[];
  readonly read: (names: readonly string[], rowEnd: number) => Promise<Row[]>;
};

async function openSample(path: string, what: string, needed: readonly string[]): Promise<Opened> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw new Unfit(`${what} is no Parquet file: ${messageOf(error)}`);
  });
  const columns = columnsOf(metadata);
  const missing = ["event_time", ...needed].filter((name) => !columns.includes(name));
  if (missing.length > 0) throw new Unfit(`${what} has no column ${missing.join(", ")}.`);
  const rows = Number(metadata.num_rows);
  if (rows < 1 || rows > MAX_ROWS) throw new Unfit(`${what} has ${rows} rows; it needs 1 to ${MAX_ROWS}.`);
  const read = (names: readonly string[], rowEnd: number) =>
    parquetReadObjects({ file, metadata, columns: [...names], rowStart: 0, rowEnd }).catch((error: unknown) => {
      throw new Unfit(`${what} cannot be read: ${messageOf(error)}`);
    });
  return { rows, columns, read };
}

function columnsOf(metadata: FileMetaData): string[] {
  const [, ...elements] = metadata.schema;
  return elements.map(({ name }) => name);
}

function rangeOf(rows: readonly Row[], sample: string): { from: string; to: string } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const [index, { event_time: value }] of rows.entries()) {
    const ms = millisecondsOf(value);
    if (!Number.isFinite(ms)) throw new Unfit(`event_time of row ${index} of ${sample} is no time: ${value}.`);
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
