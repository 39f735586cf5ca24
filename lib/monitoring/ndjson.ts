import type { z } from "zod";
import { AppError } from "@/lib/errors";

export type Limits = { readonly lines: number; readonly lineBytes: number };

/**
 * Values of a body of newline-delimited JSON, each checked by `schema`, read as it arrives; empty lines are skipped. Throws `invalid` with
 * the number of the line (counted from 1) that is too long, not UTF-8, not JSON or not of the shape, or for more than `limits.lines`.
 */
export async function readNdjson<T extends z.ZodType>(
  body: AsyncIterable<Uint8Array>,
  schema: T,
  limits: Limits,
): Promise<z.output<T>[]> {
  const values: z.output<T>[] = [];
  let number = 0;
  for await (const bytes of lines(body, limits.lineBytes)) {
    number += 1;
    const text = decode(bytes, number);
    if (text.trim() === "") continue;
    if (values.length >= limits.lines) {
      throw refused(number, `more than ${limits.lines.toLocaleString("en-US")} lines; send several requests`);
    }
    values.push(parse(text, schema, number));
  }
  return values;
}

/** Lines of a stream without their line feeds; a line longer than `most` bytes is refused before more of it is kept. */
async function* lines(body: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  let number = 1;
  for await (const chunk of body) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = join(rest, chunk.subarray(from, end));
      if (line.length > most) throw refused(number, `longer than ${most} bytes`);
      yield line;
      number += 1;
      rest = new Uint8Array();
      from = end + 1;
    }
    rest = join(rest, chunk.subarray(from));
    if (rest.length > most) throw refused(number, `longer than ${most} bytes`);
  }
  if (rest.length > 0) yield rest;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function decode(bytes: Uint8Array, number: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused(number, "not UTF-8");
  }
}

function parse<T extends z.ZodType>(text: string, schema: T, number: number): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(number, "not JSON");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  throw refused(number, `${path === "" ? "" : `${path}: `}${issue?.message ?? "not of the agreed shape"}`);
}

function refused(number: number, what: string): AppError {
  return new AppError("invalid", `Line ${number}: ${what}. Nothing was stored.`);
}
