import { randomBytes } from "node:crypto";
import { closeSync, fdatasync, fsyncSync, mkdirSync, openSync, writevSync } from "node:fs";
import path from "node:path";
import { bytesOnDisk, FRAME_HEAD, readCursor, segmentNumber, segmentsOf, writeFrameHead } from "./spool-segments";

export type SpoolOptions = {
  dir: string;
  /** A new segment begins after this many bytes. */
  segmentBytes: number;
  /** Disk that the spool may take. Beyond it events are dropped and counted: the endpoint answers on. */
  capBytes: number;
};

/** Power loss may cost what was written within this time; a killed process loses nothing. */
const SYNC_MS = 1000;
const WEIGH_MS = 1000;

/**
 * Writes events to disk before their answers leave. One writer per directory: bind the endpoint's port first, then open the spool,
 * so that the port is the lock.
 */
export class Spool {
  /** Events that were not kept because the cap was reached or the disk was full. */
  dropped = 0;
  bytes = 0;
  private fd = -1;
  private size = 0;
  private next: number;
  private weighedAt = 0;
  private dirty = false;
  private readonly head = Buffer.alloc(FRAME_HEAD);
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: SpoolOptions) {
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    const newest = [segmentsOf(options.dir).at(-1), readCursor(options.dir)?.segment].filter((file) => file);
    this.next = Math.max(0, ...newest.map((file) => segmentNumber(file ?? ""))) + 1;
    this.weigh();
    this.roll();
    this.timer = setInterval(() => this.sync(), SYNC_MS).unref();
  }

  /**
   * Writes one frame with the events of a turn. When this returns true, a kill of this process cannot lose them.
   * @returns false when nothing was kept; `dropped` grew by `events`
   */
  append(requests: Buffer, rows: Buffer, events: number): boolean {
    const total = FRAME_HEAD + requests.length + rows.length;
    if (!this.isFull(total) && this.write(requests, rows, total)) return true;
    this.dropped += events;
    return false;
  }

  private write(requests: Buffer, rows: Buffer, total: number): boolean {
    try {
      if (this.fd < 0 || this.size > this.options.segmentBytes) this.roll();
      writeFrameHead(this.head, requests, rows);
      const written = writevSync(this.fd, [this.head, requests, rows]);
      this.size += written;
      this.bytes += written;
      this.dirty = true;
      if (written === total) return true;
      this.abandon(); // a short write left a torn frame: nothing may follow it in the same file
      return false;
    } catch {
      return false; // disk full: nothing was written, the file stays good
    }
  }

  close(): void {
    clearInterval(this.timer);
    if (this.fd < 0) return;
    fsyncSync(this.fd);
    closeSync(this.fd);
    this.fd = -1;
  }

  private isFull(more: number): boolean {
    const { capBytes } = this.options;
    if (this.bytes + more > capBytes && Date.now() - this.weighedAt > WEIGH_MS) this.weigh();
    return this.bytes + more > capBytes;
  }

  /** The shipper deletes what it has sent; only the directory knows. */
  private weigh(): void {
    this.weighedAt = Date.now();
    this.bytes = bytesOnDisk(this.options.dir);
  }

  private roll(): void {
    const name = `${String(this.next).padStart(12, "0")}-${randomBytes(4).toString("hex")}.seg`;
    const fd = openSync(path.join(this.options.dir, name), "wx", 0o600);
    this.abandon();
    this.fd = fd;
    this.size = 0;
    this.next++;
  }

  private abandon(): void {
    const old = this.fd;
    this.fd = -1;
    if (old >= 0) fdatasync(old, () => closeSync(old));
  }

  private sync(): void {
    if (!this.dirty || this.fd < 0) return;
    this.dirty = false;
    fdatasync(this.fd, () => {});
  }
}
