import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, rmSync, type WriteStream, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import { createGunzip } from "node:zlib";
import { exception } from "./errors";
import { isLines } from "./statement";

/** In bytes; above it a body waits on disk, so that parallel inserts do not add up in memory. */
const SPOOL_OVER = 8 << 20;
const BLANK_LINE = /\n\s*\n|^\s*\n/;

export type Body = { readonly data: Buffer; readonly file?: string; discard(): void };

function inMemory(data: Buffer): Body {
  return { data, discard: () => undefined };
}

function onDisk(file: string): Body {
  return { data: Buffer.alloc(0), file, discard: () => rmSync(file, { force: true }) };
}

async function finish(out: WriteStream): Promise<void> {
  out.end();
  await once(out, "finish");
}

/** Collects a body in memory, from `SPOOL_OVER` on (or from the first byte) in a file. A broken upload throws and leaves nothing. */
async function collect(source: AsyncIterable<Buffer>, spool: string, toFile: boolean): Promise<Body> {
  let chunks: Buffer[] = [];
  let size = 0;
  let out: WriteStream | undefined;
  const file = path.join(spool, randomUUID());
  try {
    for await (const chunk of source) {
      size += chunk.length;
      chunks.push(chunk);
      if (!toFile && size <= SPOOL_OVER) continue;
      out ??= createWriteStream(file);
      for (const waiting of chunks) if (!out.write(waiting)) await once(out, "drain");
      chunks = [];
    }
    if (!out) return inMemory(Buffer.concat(chunks));
    await finish(out);
    return onDisk(file);
  } catch (error) {
    out?.destroy();
    rmSync(file, { force: true });
    throw error;
  }
}

/**
 * The request's body, decompressed. chDB's raw insert ends the data at a blank line and RUNS THE REST AS SQL, so only JSON lines
 * without a blank line may take it; every other insert goes through a file (`INSERT … FROM INFILE`).
 */
export async function readBody(
  req: IncomingMessage,
  insert: { readonly format: string | undefined } | undefined,
  spool: string,
): Promise<Body> {
  const source = req.headers["content-encoding"] === "gzip" ? req.pipe(createGunzip()) : req;
  req.on("error", (error) => source.destroy(error));
  const toFile = insert?.format !== undefined && !isLines(insert.format);
  const body = await collect(source, spool, toFile);
  if (!insert || body.file || !BLANK_LINE.test(body.data.toString("latin1"))) return body;
  if (insert.format === undefined)
    throw exception(62, "SYNTAX_ERROR", "An inline body with blank lines needs a FORMAT");
  const file = path.join(spool, randomUUID());
  writeFileSync(file, body.data);
  return onDisk(file);
}

const FIELD = /name="([^"]+)"\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*?)\r\n--/g;

/** The form fields of a multipart body: how clients send long parameters (`use_multipart_params`). */
export function formFields(data: Buffer): [name: string, value: string][] {
  return [...data.toString().matchAll(FIELD)].map(([, name = "", value = ""]) => [name, value]);
}
