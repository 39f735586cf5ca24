import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StateFile } from "./state-file";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "state-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const record = { generation: 3, config: null, port: 9100, proven: null, crashed: null };

test("what was saved is read again, and no temporary file stays", () => {
  new StateFile(dir).save({ version: 1, shipperPort: 9101, endpoints: { flights: record } });
  const file = new StateFile(dir);
  file.saveEndpoint("flights", { port: 9102 });
  expect(new StateFile(dir).state).toEqual({
    version: 1,
    shipperPort: 9101,
    endpoints: { flights: { ...record, port: 9102 } },
  });
  expect(readdirSync(dir)).toEqual(["state.json"]);
});

test.each([
  ["what is not JSON", "{"],
  ["the state of another version", JSON.stringify({ version: 2, shipperPort: null, endpoints: {} })],
])("refuses %s, naming the file", (_, content) => {
  writeFileSync(path.join(dir, "state.json"), content);
  expect(() => new StateFile(dir)).toThrow(/state\.json cannot be read as the state of this version of the runtime/);
});
