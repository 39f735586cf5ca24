/** Appends values in ClickHouse's RowBinary to a buffer that grows. Call `room` once per event, then write at most that many bytes. */
export class RowBinaryWriter {
  private buffer: Buffer;
  length = 0;

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafe(bytes);
  }

  room(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }

  /** What was written since `clear`; valid until the next write. */
  written(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  bytes(source: Uint8Array): void {
    this.buffer.set(source, this.length);
    this.length += source.length;
  }

  /** At most 16,383 bytes of UTF-8: the length is always written as a LEB128 of two bytes, so that the text is encoded in place. */
  string(text: string): void {
    const n = this.buffer.write(text, this.length + 2);
    this.count(n);
    this.length += n;
  }

  uint8(value: number): void {
    this.buffer[this.length++] = value;
  }

  uint16(value: number): void {
    this.length = this.buffer.writeUInt16LE(value, this.length);
  }

  uint32(value: number): void {
    this.length = this.buffer.writeUInt32LE(value, this.length);
  }

  /** A safe integer, also a negative one. */
  int64(value: number): void {
    const low = ((value % 2 ** 32) + 2 ** 32) % 2 ** 32;
    this.buffer.writeUInt32LE(low, this.length);
    this.length = this.buffer.writeInt32LE(Math.floor(value / 2 ** 32), this.length + 4);
  }

  float32(value: number): void {
    this.length = this.buffer.writeFloatLE(value, this.length);
  }

  /** At most 16,383 values, taken from `values` at `from`. */
  floats(values: Float32Array, from: number, n: number): void {
    this.count(n);
    this.buffer.set(new Uint8Array(values.buffer, values.byteOffset + from * 4, n * 4), this.length);
    this.length += n * 4;
  }

  /** Length of a string or array below 16,384 as LEB128 of two bytes. */
  count(n: number): void {
    this.buffer[this.length++] = (n & 127) | 128;
    this.buffer[this.length++] = n >>> 7;
  }
}
