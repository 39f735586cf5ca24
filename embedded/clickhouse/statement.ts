// What has to be known about a statement before the engine sees it: is it an INSERT, in which format, may the answer stream.

/** `FORMAT x` as the last thing of a statement. */
export const TRAILING_FORMAT = /\bFORMAT\s+(\w+)[\s;]*$/i;
const ANY_FORMAT = /\bFORMAT\s+\w/i;
const READS = /^[\s(]*(SELECT|WITH)\b/i;
const LINES = /^JSON(Compact)?(Strings)?EachRow$/i;
// chDB formats every chunk of a stream on its own: formats with a header or footer would repeat it.
const STREAMABLE = /^(JSON(Compact)?(Strings)?EachRow|CSV|TSV|TabSeparated|RowBinary|Native)$/i;

export function isInsert(sql: string): boolean {
  return /^\s*INSERT\s/i.test(sql);
}

export function trailingFormat(sql: string): string | undefined {
  return TRAILING_FORMAT.exec(sql)?.[1];
}

/** One JSON value per line: the only formats that chDB's raw insert takes safely (see body.ts). */
export function isLines(format: string): boolean {
  return LINES.test(format);
}

/** A format in the middle (`FORMAT JSON SETTINGS …`) is the engine's to find, so such an answer is not streamed. */
export function mayStream(sql: string, format: string): boolean {
  return STREAMABLE.test(format) && READS.test(sql) && (TRAILING_FORMAT.test(sql) || !ANY_FORMAT.test(sql));
}

export function contentType(format: string): string {
  if (!format.startsWith("JSON")) return "text/plain; charset=UTF-8";
  return format.includes("EachRow") ? "application/x-ndjson; charset=UTF-8" : "application/json; charset=UTF-8";
}
