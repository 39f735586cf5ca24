import { unlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { type Cursor, FRAME_HEAD, frameLength, readCursor, readFrames, saveCursor, segmentsOf } from "./spool-segments";

export type Batch = { token: string; requests: Buffer; rows: Buffer };

export type ShipOptions = {
  endpoint: string;
  dir: string;
  batchBytes: number;
  /** Stores a batch; called again with the same token and bytes after any failure or crash. */
  insert(batch: Batch): Promise<void>;
  /** Bytes at the end of a sealed segment that are no whole frame: torn by a kill (no answer had left), or by a loss of power. */
  onTorn(bytes: number): void;
};

/**
 * Ships the next batch of a spool. The range is on disk before it is sent, so the same range goes out under the same token after a
 * crash of either side, and ClickHouse drops what it has. One reader per directory.
 * @returns bytes shipped; 0 when there is nothing to ship
 */
export async function shipNext(options: ShipOptions): Promise<number> {
  const { dir } = options;
  // Listed before anything is read: what is not the last segment here is complete.
  const segments = segmentsOf(dir);
  let cursor: Cursor = readCursor(dir) ?? { segment: segments[0] ?? "", from: 0, to: 0 };
  for (const segment of segments.filter((file) => file >= cursor.segment)) {
    if (segment > cursor.segment) cursor = advance(dir, cursor, segment, segments);
    const shipped = await shipFrom(options, cursor, segment === segments.at(-1));
    if (shipped > 0) return shipped;
  }
  return 0;
}

function advance(dir: string, cursor: Cursor, segment: string, segments: readonly string[]): Cursor {
  const next = { segment, from: 0, to: 0 };
  saveCursor(dir, next);
  for (const old of segments) if (old <= cursor.segment) unlinkSync(path.join(dir, old));
  return next;
}

async function shipFrom(options: ShipOptions, cursor: Cursor, isOpen: boolean): Promise<number> {
  const { dir, endpoint } = options;
  const { segment, from } = cursor;
  const isRetry = cursor.to > from;
  const data = await readBatch(path.join(dir, segment), from, isRetry ? cursor.to - from : options.batchBytes, isRetry);
  const frames = readFrames(data);
  if (frames.bytes === 0) {
    if (!isOpen) options.onTorn(data.length);
    return 0;
  }
  const to = from + frames.bytes;
  if (!isRetry) saveCursor(dir, { segment, from, to });
  const token = `${endpoint}/${segment}:${from}-${to}`;
  await options.insert({ token, requests: Buffer.concat(frames.requests), rows: Buffer.concat(frames.rows) });
  saveCursor(dir, { segment, from: to, to });
  return frames.bytes;
}

/** Reads a batch; a single frame that is larger than a batch is read whole. */
async function readBatch(file: string, from: number, bytes: number, isExact: boolean): Promise<Buffer> {
  const handle = await open(file);
  try {
    const read = async (length: number) => {
      const buffer = Buffer.allocUnsafe(length);
      return buffer.subarray(0, (await handle.read(buffer, 0, length, from)).bytesRead);
    };
    const data = await read(Math.max(bytes, FRAME_HEAD));
    const first = frameLength(data, 0);
    // What is sent must outlive a loss of power: a shorter tail would go out again under another token, and count twice.
    if (!isExact) await handle.datasync();
    if (isExact || first <= data.length) return data;
    return await read(Math.min(first, (await handle.stat()).size - from)); // a torn head may claim any length
  } finally {
    await handle.close();
  }
}
