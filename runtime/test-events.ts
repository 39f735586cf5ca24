import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { OUTCOME, type Outcome, SOURCE, type Source } from "@/lib/inference/events";
import { spoolRoot } from "./hosted-endpoint";

/** What a test reads of the events that an endpoint keeps until they are shipped. */
export type LoggedRequest = {
  readonly revision: string;
  readonly source: Source;
  readonly id: string;
  readonly outcome: Outcome;
  readonly reason: string;
};

const HEADER = 16;

/** The two parts of every frame, requests and rows, of all segments in order. */
export function framesOf(dir: string, endpoint: string): { readonly requests: Buffer; readonly rows: Buffer }[] {
  const folder = path.join(spoolRoot(dir), endpoint);
  const segments = readdirSync(folder)
    .filter((file) => file.endsWith(".seg"))
    .sort();
  return segments.flatMap((file) => frames(readFileSync(path.join(folder, file))));
}

/** Frames of a segment: magic, bytes of requests, bytes of rows, checksum; then both. */
function frames(segment: Buffer): { requests: Buffer; rows: Buffer }[] {
  const found = [];
  for (let at = 0; at + HEADER <= segment.length; ) {
    const from = at + HEADER;
    const rowsFrom = from + segment.readUInt32LE(at + 4);
    at = rowsFrom + segment.readUInt32LE(at + 8);
    found.push({ requests: segment.subarray(from, rowsFrom), rows: segment.subarray(rowsFrom, at) });
  }
  return found;
}

export const loggedRequests = (dir: string, endpoint: string): LoggedRequest[] =>
  framesOf(dir, endpoint).flatMap(({ requests }) => decode(requests));

/** RowBinary, in the order of REQUEST_COLUMNS. */
function decode(bytes: Buffer): LoggedRequest[] {
  const found: LoggedRequest[] = [];
  let at = 0;
  const skip = (n: number): number => {
    at += n;
    return at - n;
  };
  const text = (): string => {
    const length = ((bytes[skip(1)] ?? 0) & 127) | ((bytes[skip(1)] ?? 0) << 7); // always two bytes of LEB128
    return bytes.toString("utf8", skip(length), at);
  };
  while (at < bytes.length) {
    text();
    const revision = text();
    const source = nameOf(SOURCE, bytes[skip(1)]);
    skip(8);
    text();
    const id = text();
    skip(8);
    const outcome = nameOf(OUTCOME, bytes[skip(1)]);
    found.push({ revision, source, id, outcome, reason: text() });
  }
  return found;
}

function nameOf<T extends string>(codes: Readonly<Record<T, number>>, code: number | undefined): T {
  const found = (Object.keys(codes) as T[]).find((name) => codes[name] === code);
  if (!found) throw new Error(`no such code: ${code}`);
  return found;
}
