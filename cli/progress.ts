import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { Io } from "./command";

/** A file as a stream that says on standard error how far it is: in place on a terminal, else once when it is through. */
export function readWithProgress(io: Io, label: string, at: string, size: number): ReadableStream<Uint8Array> {
  let sent = 0;
  let shown = -1;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(at, { highWaterMark: 1 << 20 })) {
      yield chunk;
      sent += chunk.length;
      const percent = size === 0 ? 100 : Math.floor((sent / size) * 100);
      if (io.terminal && percent > shown) io.err(`\r${label}  ${bytes(sent)} of ${bytes(size)}  ${percent} %`);
      shown = percent;
    }
    io.err(io.terminal ? "\n" : `${label}  ${bytes(size)} sent\n`);
  }
  return Readable.toWeb(Readable.from(counted(), { objectMode: false })) as ReadableStream<Uint8Array>;
}

const bytes = (n: number) => (n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`);
