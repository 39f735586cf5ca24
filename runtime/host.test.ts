import { afterAll, beforeAll, expect, test } from "vitest";
import { TestHost } from "./test-host";

const host = new TestHost();
beforeAll(() => host.start());
afterAll(() => host.close());

const MODEL = { features: 3 };
const body = (id?: string) =>
  JSON.stringify({ id, inputs: [{ name: "features", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }] });
const infer = (url: string, token: string, text = body("r1")) =>
  fetch(`${url}/v2/models/flights/infer`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: text,
  });

test("serves a revision end to end", async () => {
  const revision = host.revision("flights-r1", MODEL);
  expect(await host.apply(host.config("flights", 1, revision))).toEqual({
    endpoints: [{ name: "flights", result: "accepted", generation: 1 }],
  });
  const { url, mode } = await host.ready("flights", "flights-r1");
  expect(mode).toBe("inline");
  const answer = await infer(url ?? "", host.signer.sign({ aud: "flights" }));
  expect(answer.status).toBe(200);
}, 30_000);
