import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";

/**
 * The files of a spool. A segment is `<12 digits>-<8 hex>.seg`: numbers only grow (a clock may go back), and the random part keeps a
 * deduplication token from ever being used twice, even when the directory was wiped. A segment is never opened for append again, so
 * (segment, offset) names an event for ever. It holds frames, one per turn of the event loop:
 * `u32 'PVS1' | u32 bytes of requests | u32 bytes of rows | u32 crc32 of both`, then both parts as RowBinary.
 */
const MAGIC = 0x31535650;
export const FRAME_HEAD = 16;

export const segmentNumber = (file: string): number => Number.parseInt(file, 10);

export const segmentsOf = (dir: string): string[] =>
  existsSync(dir)
    ? readdirSync(dir)
        .filter((file) => file.endsWith(".seg"))
        .sort()
    : [];

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Bytes that the segments of a spool take on disk. */
export const bytesOnDisk = (dir: string): number =>
  segmentsOf(dir).reduce((sum, file) => sum + sizeOf(path.join(dir, file)), 0);

export function writeFrameHead(head: Buffer, requests: Buffer, rows: Buffer): void {
  head.writeUInt32LE(MAGIC, 0);
  head.writeUInt32LE(requests.length, 4);
  head.writeUInt32LE(rows.length, 8);
  head.writeUInt32LE(crc32(rows, crc32(requests)), 12);
}

/** Length of the frame that begins at `at`, by its own account; 0 when there is none. */
export function frameLength(data: Buffer, at: number): number {
  if (at + FRAME_HEAD > data.length || data.readUInt32LE(at) !== MAGIC) return 0;
  return FRAME_HEAD + data.readUInt32LE(at + 4) + data.readUInt32LE(at + 8);
}

export type Frames = { requests: Buffer[]; rows: Buffer[]; bytes: number };

/** The whole frames at the start of `data`. A frame that a kill tore fails its checksum and ends the list: none of its answers had left. */
export function readFrames(data: Buffer): Frames {
  const frames: Frames = { requests: [], rows: [], bytes: 0 };
  for (;;) {
    const at = frames.bytes;
    const length = frameLength(data, at);
    if (length === 0 || at + length > data.length) return frames;
    const split = at + FRAME_HEAD + data.readUInt32LE(at + 4);
    const requests = data.subarray(at + FRAME_HEAD, split);
    const rows = data.subarray(split, at + length);
    if (crc32(rows, crc32(requests)) !== data.readUInt32LE(at + 12)) return frames;
    frames.requests.push(requests);
    frames.rows.push(rows);
    frames.bytes += length;
  }
}

/** Up to where a spool is shipped. `to` above `from`: exactly this range is being sent, and is sent again after any crash. */
export type Cursor = { segment: string; from: number; to: number };

const cursorFile = (dir: string): string => path.join(dir, "cursor.json");

export function readCursor(dir: string): Cursor | null {
  const file = cursorFile(dir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Cursor) : null;
}

export const saveCursor = (dir: string, cursor: Cursor): void => replaceFile(cursorFile(dir), JSON.stringify(cursor));

/** Bytes that are on disk and not in ClickHouse yet. */
export function unshippedBytes(dir: string): number {
  const cursor = readCursor(dir);
  return segmentsOf(dir)
    .filter((file) => !cursor || file >= cursor.segment)
    .reduce((sum, file) => {
      const shipped = file === cursor?.segment ? cursor.from : 0;
      return sum + Math.max(0, sizeOf(path.join(dir, file)) - shipped);
    }, 0);
}

/** Replaces a file so that after a crash, also of the machine, there is the old or the new content and nothing between. */
export function replaceFile(file: string, content: string): void {
  const temporary = `${file}.tmp`;
  const fd = openSync(temporary, "w", 0o600);
  try {
    writeSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, file);
  const dir = openSync(path.dirname(file), "r");
  try {
    fsyncSync(dir);
  } finally {
    closeSync(dir);
  }
}
