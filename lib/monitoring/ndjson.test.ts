import { expect, test } from "vitest";
import { z } from "zod";
import { readNdjson } from "@/lib/monitoring/ndjson";

const line = z.strictObject({ a: z.number() });
const limits = { lines: 3, lineBytes: 20 };
const bytes = (text: string) => new TextEncoder().encode(text);

async function* chunks(...parts: readonly Uint8Array[]) {
  yield* parts;
}
const read = (...parts: readonly string[]) => readNdjson(chunks(...parts.map(bytes)), line, limits);

test("lines are read across chunks, with and without a last line feed, and empty ones are skipped", async () => {
  expect(await read('{"a"', ':1}\n\n{"a":2}\r\n{"', 'a":3}')).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  expect(await read("")).toEqual([]);
});

test("a character that two chunks share is whole again", async () => {
  const text = bytes('{"é":1}');
  const cut = readNdjson(chunks(text.subarray(0, 3), text.subarray(3)), z.record(z.string(), z.number()), limits);
  expect(await cut).toEqual([{ é: 1 }]);
});

test.each([
  ["no JSON", '{"a":1}\n{"a":\n', /^Line 2: not JSON/],
  ["the wrong shape", '{"a":1}\n{"a":"x"}', /^Line 2: a: /],
  ["a stranger's field", '{"a":1,"b":2}', /^Line 1: /],
  ["too many lines", '{"a":1}\n{"a":1}\n{"a":1}\n{"a":1}\n', /^Line 4: more than 3 lines/],
  ["too long a line", `{"a":1}\n${" ".repeat(21)}{"a":1}`, /^Line 2: longer than 20 bytes/],
])("%s is refused with the number of the line", async (_, text, message) => {
  await expect(read(text)).rejects.toMatchObject({ code: "invalid", message });
});

test("what is not UTF-8 is refused, and an endless line is refused before it ends", async () => {
  await expect(readNdjson(chunks(Uint8Array.of(0xff, 0x0a)), line, limits)).rejects.toMatchObject({
    message: /^Line 1: not UTF-8/,
  });
  let sent = 0;
  async function* endless() {
    for (; sent < 1000; sent++) yield bytes("xxxxxxxxxx");
  }
  await expect(readNdjson(endless(), line, limits)).rejects.toMatchObject({ message: /^Line 1: longer/ });
  expect(sent).toBeLessThan(5);
});
