import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet";

/** The file is no table of numbers; the message is for a person. */
export class NotNumbers extends Error {
  override readonly name = "NotNumbers";
}

export type NumberColumns = {
  readonly rows: number;
  /** By name, in the order asked for; NaN = missing. */
  readonly numbers: ReadonlyMap<string, Float32Array>;
  /** `event_time`, milliseconds since 1970, UTC. */
  readonly times: Float64Array;
};

/**
 * Columns of numbers of a Parquet file, and its `event_time`. Booleans are 0 and 1; nulls are missing.
 * @throws NotNumbers when a column is not there, or holds something that is no number
 */
export async function readNumbers(path: string, names: readonly string[]): Promise<NumberColumns> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const rows = Number(metadata.num_rows);
  const numbers = new Map(names.map((name) => [name, new Float32Array(rows).fill(Number.NaN)]));
  const times = new Float64Array(rows).fill(Number.NaN);
  await parquetRead({
    file,
    metadata,
    columns: ["event_time", ...names],
    onChunk: ({ columnName, columnData, rowStart }) => {
      const into = columnName === "event_time" ? times : numbers.get(columnName);
      for (let i = 0; into && i < columnData.length; i++) into[rowStart + i] = numberOf(columnData[i], columnName);
    },
  });
  const untimed = times.findIndex((time) => Number.isNaN(time));
  if (untimed >= 0) throw new NotNumbers(`event_time of row ${untimed} is no time.`);
  return { rows, numbers, times };
}

function numberOf(value: unknown, column: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  if (value instanceof Date) return value.getTime();
  if (value === null || value === undefined) return Number.NaN;
  throw new NotNumbers(`The column ${column} holds ${JSON.stringify(value)}, no number.`);
}
