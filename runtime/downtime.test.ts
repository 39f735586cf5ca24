import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { TestHost } from "./test-host";
import { OpenLoad, type Sent } from "./test-load";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const NAME = "steady";
const host = new TestHost();
beforeAll(() => host.start());
afterAll(() => host.close());

const inputs = [{ name: "features", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }];
const isAnswered = ({ status }: Sent) => status === 200;

/** From just before the host is told to end until its endpoint is ready again. */
async function restart(signal: NodeJS.Signals, serving: string): Promise<{ from: number; to: number }> {
  const from = performance.now();
  await host.kill(signal);
  await host.start();
  await host.ready(NAME, serving);
  return { from, to: performance.now() };
}

test("a client at a steady rate sees no failure through a new revision, a rollback and beside the restarts of the host", async () => {
  const revision = (n: number) => host.revision(`${NAME}-r${n}`, { features: 3, seed: n }, { modelVersion: `${n}` });
  const [first, second] = [revision(1), revision(2)];
  await host.apply(host.config(NAME, 1, first));
  const { url } = await host.ready(NAME, first.revision);
  const load = new OpenLoad({
    url: `${url}/v2/models/${NAME}/infer`,
    token: host.signer.sign({ aud: NAME }),
    body: (id) => JSON.stringify({ id, inputs }),
    perSecond: 200,
  });
  const answeredBy = (version: string) => load.next((sent) => isAnswered(sent) && sent.version === version);

  await answeredBy("1");
  await host.apply(host.config(NAME, 2, second, { warm: first }));
  await answeredBy("2");
  await host.endpoint(NAME, ({ warm }) => warm === first.revision);
  const order = JSON.stringify({ endpoint: NAME, by: "test", reason: "back" });
  expect((await host.admin("POST", "/v1/rollback", order)).status).toBe(200);
  await answeredBy("1");
  const windows = [await restart("SIGTERM", first.revision)];
  await answeredBy("1");
  await host.apply(host.config(NAME, 4, second, { warm: first }));
  await answeredBy("2");
  windows.push(await restart("SIGKILL", second.revision));
  await answeredBy("2");
  const sent = await load.stop();

  const isInWindow = ({ due, ended }: Sent) => windows.some(({ from, to }) => due <= to && ended >= from);
  expect(sent.filter((each) => !isAnswered(each) && !isInWindow(each))).toEqual([]);
  expect(sent.filter(isInWindow).length).toBeGreaterThan(0);
  expect(sent.filter((each) => isAnswered(each) && !isInWindow(each)).length).toBeGreaterThan(20);
});
