/** An error in ClickHouse's own words: clients parse code and name out of the message. */
export function exception(code: number, name: string, text: string): Error {
  return new Error(`Code: ${code}. DB::Exception: ${text} (${name})`);
}

// As programs/server does (HTTPHandler.cpp, exceptionCodeToHTTPStatus).
const BAD_REQUEST = [6, 25, 26, 27, 38, 41, 53, 62, 72, 117, 456, 457];
const NOT_FOUND = [46, 47, 50, 56, 60, 63, 73, 81, 115];
const STATUS = new Map<number, number>([
  [516, 403],
  [48, 501],
  [159, 408],
  ...BAD_REQUEST.map((code): [number, number] => [code, 400]),
  ...NOT_FOUND.map((code): [number, number] => [code, 404]),
]);

/** The code in an engine's message; 1001 (STD_EXCEPTION) when there is none. */
export function codeOf(error: Error): number {
  return Number(/Code: (\d+)/.exec(error.message)?.[1] ?? 1001);
}

/** The HTTP status that a ClickHouse server answers with for an exception's code. */
export function statusOf(code: number): number {
  return STATUS.get(code) ?? 500;
}

/** What ends a body whose status line is already out: clients look for the tag that the head announced. */
export function exceptionBlock(tag: string, error: Error): string {
  const message = `${error.message}\n`;
  return `\r\n__exception__\r\n${tag}\r\n${message}${Buffer.byteLength(message)} ${tag}\r\n__exception__\r\n`;
}
