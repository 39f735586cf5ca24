import { afterEach, expect, test, vi } from "vitest";
import type { IssuerKey } from "@/lib/inference/issuer-key";
import type { ModelSchema } from "@/lib/registry/model-schema";
import { askCandidate } from "@/worker/ask-candidate";

const schema = {
  inputs: [{ name: "features", datatype: "FP32", shape: [-1, 1], features: ["hour"] }],
  outputs: [{ name: "score", datatype: "FP32", shape: [-1] }],
} as unknown as ModelSchema;
const at = {
  ...{ url: "http://127.0.0.1:1/infer", endpoint: "fraud", revision: "fraud-r2", version: "1", schema },
  output: { name: "score", index: 0 } as Parameters<typeof askCandidate>[0]["output"],
};
const access = { secret: "secret", issuer: "urn:test", key: { sign: async () => "token" } as unknown as IssuerKey };
const outputs = [{ name: "score", datatype: "FP32", shape: [1], data: [0.25] }];

afterEach(() => vi.unstubAllGlobals());

function ask(answer: object): Promise<readonly (number | string)[]> {
  vi.stubGlobal("fetch", async () => Response.json({ model_version: "1", outputs, ...answer }));
  return askCandidate(at, [[1]], access, new AbortController().signal);
}

test("the score of the candidate itself", async () => {
  expect(await ask({})).toEqual([0.25]);
  expect(await ask({ parameters: { stale: true, stale_rows: "0" } })).toEqual([0.25]);
});

test("what stands in for it is no answer of it, whatever version stands in", async () => {
  const parameters = { secondary: "fraud-r1", reason: "error" };
  expect(await ask({ parameters })).toEqual(["fraud-r1 answered in its place"]);
  expect(await ask({ parameters, model_version: "7" })).toEqual(["fraud-r1 answered in its place"]);
  expect(await ask({ parameters: { fallback: true, reason: "error" } })).toEqual([
    "the fallback answered in its place",
  ]);
});

test("another version that does not say for whom it answers: asked again", async () => {
  await expect(ask({ model_version: "7" })).rejects.toThrow("version 7 answers in the place of fraud-r2");
});

test("a candidate that fails is known for it, whatever its circuit breaker says afterwards", async () => {
  const statuses = [200, 500, 503];
  vi.stubGlobal("fetch", async () =>
    Response.json({ model_version: "1", outputs, error: "inference failed" }, { status: statuses.shift() ?? 503 }),
  );
  const answers = await askCandidate(at, [[1], [2], [3]], access, new AbortController().signal);
  expect(answers).toEqual([0.25, expect.stringContaining("answered 500")]);
});
