import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { decompress } from "fzstd";
import { parquetMetadata, parquetRead } from "hyparquet";
import { type AirportOffset, readAirports, toUtc } from "./time-zones";

const ROOT = new URL("../../", import.meta.url);
const HERE = new URL("./", import.meta.url);
const SOURCE = fileURLToPath(new URL("node_modules/vega-datasets/data/flights-3m.parquet", ROOT));

/** Flights as columns, in order of departure in real time (UTC), ties in order of the file. */
export type Flights = {
  readonly count: number;
  /** Position in the source file: the identity of a flight. */
  readonly row: Uint32Array;
  /** Departure, UTC seconds: when the prediction is made. */
  readonly at: Uint32Array;
  /** UTC seconds from which the delay may be known: departure + 60 min + 10 s per mile. */
  readonly knownAt: Uint32Array;
  /** Index into `airports`. */
  readonly origin: Uint8Array;
  readonly destination: Uint8Array;
  /** Arrival delay in minutes; late is above 15. */
  readonly delay: Int16Array;
  /** Miles. */
  readonly distance: Uint16Array;
  /** Local hour 0-23 and weekday 1-7 (Monday is 1) of the departure. */
  readonly hour: Uint8Array;
  readonly weekday: Uint8Array;
  readonly airports: readonly string[];
};

/** A label counts as known this long after departure, plus a time for the distance: the source has no arrival times. */
const KNOWN_AFTER_S = 3600;
const SECONDS_PER_MILE = 10;
/** Six flights of 1 July are a stray end of the file; below this delay a date rolled over (3 flights). */
const END_LOCAL_S = Date.UTC(2001, 6, 1) / 1000;
const SMALLEST_DELAY = -180;
/** Local time at most differs so much from UTC (Guam is 10 h ahead, Hawaii 10 h behind). */
const ZONE_MARGIN_S = 12 * 3600;

type Columns = { date: number[]; delay: bigint[]; distance: bigint[]; origin: string[]; destination: string[] };

/**
 * Flights that departed at or after `from` (UTC seconds), from the Parquet file of the npm package.
 * Throws when the file is not the one whose digest is pinned in `models/dataset.json`.
 */
export async function readFlights(from: number, progress: (share: number) => void = () => undefined): Promise<Flights> {
  const bytes = await readFile(SOURCE);
  const digest = createHash("sha256").update(bytes).digest("hex");
  const pinned = JSON.parse(readFileSync(new URL("models/dataset.json", HERE), "utf8")).digest;
  if (digest !== pinned) throw new Error(`${SOURCE} has SHA-256 ${digest}, the example is made for ${pinned}`);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(file);
  const { codes, offsets } = readAirports(fileURLToPath(new URL("airport-tz.csv", HERE)));
  const kept = new Collected(codes, offsets, Number(metadata.num_rows));
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    const last = group.columns[0]?.meta_data?.statistics?.max_value;
    if (!(last instanceof Date) || last.getTime() / 1000 >= from - ZONE_MARGIN_S) {
      kept.add(await readGroup(file, metadata, start, end), start, from);
    }
    progress(end / Number(metadata.num_rows));
    start = end;
  }
  return kept.inOrder();
}

async function readGroup(
  file: ArrayBuffer,
  metadata: ReturnType<typeof parquetMetadata>,
  rowStart: number,
  rowEnd: number,
) {
  const columns: Record<string, ArrayLike<unknown>[]> = {};
  await parquetRead({
    file: { byteLength: file.byteLength, slice: (a, b) => file.slice(a, b) },
    metadata,
    rowStart,
    rowEnd,
    compressors: { ZSTD: (input, length) => decompress(input, new Uint8Array(length)) },
    parsers: { timestampFromMicroseconds: (micros: bigint) => Number(micros / 1_000_000n) },
    onChunk: ({ columnName, columnData }) => {
      const parts = columns[columnName] ?? [];
      columns[columnName] = parts;
      parts.push(columnData);
    },
  });
  const whole = (name: string) => (columns[name] ?? []).flatMap((part) => Array.from(part));
  return Object.fromEntries(
    ["date", "delay", "distance", "origin", "destination"].map((name) => [name, whole(name)]),
  ) as unknown as Columns;
}

class Collected {
  private count = 0;
  private readonly row: Uint32Array;
  private readonly at: Uint32Array;
  private readonly local: Uint32Array;
  private readonly origin: Uint8Array;
  private readonly destination: Uint8Array;
  private readonly delay: Int16Array;
  private readonly distance: Uint16Array;
  private readonly index: ReadonlyMap<string, number>;

  constructor(
    private readonly codes: readonly string[],
    private readonly offsets: readonly AirportOffset[],
    size: number,
  ) {
    this.index = new Map(codes.map((code, i) => [code, i]));
    this.row = new Uint32Array(size);
    this.at = new Uint32Array(size);
    this.local = new Uint32Array(size);
    this.origin = new Uint8Array(size);
    this.destination = new Uint8Array(size);
    this.delay = new Int16Array(size);
    this.distance = new Uint16Array(size);
  }

  add({ date, delay, distance, origin, destination }: Columns, firstRow: number, from: number): void {
    for (let i = 0; i < date.length; i++) {
      const local = date[i] ?? 0;
      const minutes = Number(delay[i]);
      const from_ = this.airport(origin[i], firstRow + i);
      const offset = this.offsets[from_];
      if (local >= END_LOCAL_S || minutes < SMALLEST_DELAY || !offset) continue;
      const at = toUtc(local, offset);
      if (at < from) continue;
      const n = this.count++;
      this.row[n] = firstRow + i;
      this.at[n] = at;
      this.local[n] = local;
      this.origin[n] = from_;
      this.destination[n] = this.airport(destination[i], firstRow + i);
      this.delay[n] = minutes;
      this.distance[n] = Number(distance[i]);
    }
  }

  private airport(code: string | undefined, row: number): number {
    const found = this.index.get(code ?? "");
    if (found === undefined) throw new Error(`${SOURCE}, row ${row}: airport ${code} has no time zone`);
    return found;
  }

  inOrder(): Flights {
    const order = sortedBy(this.at.subarray(0, this.count));
    const pick = <T extends Uint8Array | Uint16Array | Int16Array | Uint32Array>(from: T, to: T): T => {
      order.forEach((source, target) => {
        to[target] = from[source] ?? 0;
      });
      return to;
    };
    const n = this.count;
    const at = pick(this.at, new Uint32Array(n));
    const local = pick(this.local, new Uint32Array(n));
    const distance = pick(this.distance, new Uint16Array(n));
    return {
      count: n,
      row: pick(this.row, new Uint32Array(n)),
      at,
      knownAt: at.map((t, i) => t + KNOWN_AFTER_S + SECONDS_PER_MILE * (distance[i] ?? 0)),
      origin: pick(this.origin, new Uint8Array(n)),
      destination: pick(this.destination, new Uint8Array(n)),
      delay: pick(this.delay, new Int16Array(n)),
      distance,
      hour: Uint8Array.from(local, (s) => Math.floor(s / 3600) % 24),
      // 1 January 1970 was a Thursday, day 4.
      weekday: Uint8Array.from(local, (s) => ((Math.floor(s / 86_400) + 3) % 7) + 1),
      airports: this.codes,
    };
  }
}

/** Indices that sort `times` ascending, ties by index: as numbers that hold both, because native number sorting is fast. */
export function sortedBy(times: Uint32Array): Uint32Array {
  const size = 2 ** 22;
  const keys = Float64Array.from(times, (time, i) => time * size + i).sort();
  return Uint32Array.from(keys, (key) => key % size);
}
