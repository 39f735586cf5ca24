import { closeSync, existsSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

const KEEP = 3;
/** No file descriptor: the number of a closed one may be another file by now. */
const CLOSED = -1;

/** A file of lines that starts anew when it is full: NAME, NAME.1 (older), … NAME.3. Never throws: a full disk loses log lines only. */
export class LogFile {
  #fd: number;
  #size: number;

  constructor(
    private readonly file: string,
    private readonly maxBytes = 10_000_000,
  ) {
    this.#fd = openSync(file, "a", 0o600);
    this.#size = fstatSync(this.#fd).size;
  }

  /** Appends a line, with its end. */
  write(line: string): void {
    try {
      if (this.#size + line.length > this.maxBytes) this.#rotate();
      this.#size += writeSync(this.#fd, line);
    } catch {
      // Nowhere left to say so.
    }
  }

  close(): void {
    if (this.#fd !== CLOSED) closeSync(this.#fd);
    this.#fd = CLOSED;
  }

  #rotate(): void {
    closeSync(this.#fd);
    for (let age = KEEP - 1; age >= 0; age -= 1) {
      const from = age === 0 ? this.file : `${this.file}.${age}`;
      if (existsSync(from)) renameSync(from, `${this.file}.${age + 1}`);
    }
    this.#fd = openSync(this.file, "a", 0o600);
    this.#size = 0;
  }
}
