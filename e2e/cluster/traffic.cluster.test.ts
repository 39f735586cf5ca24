import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ContractDocument, FailureMode } from "@/lib/contracts/document";
import { EXAMPLE_FAILURE_MODE, exampleDocument } from "@/lib/contracts/test-document";
import { onCluster } from "@/lib/serving/test-clusters";
import { TokenSigner } from "@/runtime/test-host";
import { eventually, testCluster } from "./harness";
import { TrafficStage } from "./traffic-stage";

const cluster = await testCluster("traffic");

const ALL = [{ role: "serving", percent: 100 }] as const;
const NOTHING: FailureMode = {
  ...EXAMPLE_FAILURE_MODE,
  onError: "error",
  onTimeout: "error",
  onOverload: "error",
  fallback: null,
  breaker: null,
  perClient: null,
};

/** The example's contract with another way to fail. `ceiling`: requests/s for all callers; null: none is promised. */
function contract(failure: Partial<FailureMode>, ceiling: number | null = null, deadlineMs = 5_000): ContractDocument {
  const document = exampleDocument();
  const clauses = document.clauses.flatMap((clause) => {
    if (clause.kind !== "throughput") return [clause];
    return ceiling === null ? [] : [{ ...clause, target: ceiling }];
  });
  return onCluster({ ...document, clauses, failureMode: { ...NOTHING, ...failure } }, { deadlineMs });
}

describe.skipIf(!cluster.has("gateway.envoyproxy.io"))("a contract in force at a real Envoy", () => {
  let stage: TrafficStage;
  beforeAll(async () => {
    stage = await TrafficStage.open(cluster);
  });
  afterAll(() => stage?.close());

  test("a canary gets its share of the requests, counted at the client, and nothing after it is taken back", async () => {
    const canary = (percent: number) =>
      [
        { role: "serving", percent: 100 - percent },
        { role: "canary", percent },
      ] as const;
    await stage.apply(contract({}), canary(10));
    const seen = await stage.count(1_000);
    expect(Object.keys(seen).sort()).toEqual(["version 1", "version 2"]);
    // By chance for each request: 100 of 1,000, and 4 standard deviations (9.5) around it.
    expect(seen["version 2"]).toBeGreaterThan(62);
    expect(seen["version 2"]).toBeLessThan(138);
    await stage.apply(contract({}), canary(0));
    expect(await stage.count(300)).toEqual({ "version 1": 300 });
  });

  test("a prediction needs a token that the issuer signed for this endpoint", async () => {
    await stage.apply(contract({}), ALL);
    const claims = { aud: "flight-delays", sub: "someone" };
    expect((await stage.ask("someone", "")).status).toBe(401);
    expect((await stage.ask("someone", new TokenSigner().sign(claims))).status).toBe(401);
    expect((await stage.ask("someone", stage.signer.sign({ ...claims, iss: "http://other.test" }))).status).toBe(401);
    expect((await stage.ask("someone", stage.signer.sign({ ...claims, exp: 1 }))).status).toBe(401);
    expect((await stage.ask("someone", stage.signer.sign({ ...claims, aud: "another-endpoint" }))).status).toBe(403);
    expect((await stage.ask("someone", stage.signer.sign(claims))).by).toBe("version 1");
  });

  test("a caller above its limit is refused and told when to come again; another is not", async () => {
    await stage.apply(contract({ perClient: { requestsPerSecond: 5, burst: 5 } }), ALL);
    const started = performance.now();
    const replies = await Promise.all(Array.from({ length: 40 }, () => stage.ask("greedy")));
    const seconds = (performance.now() - started) / 1000;
    const taken = replies.filter(({ status }) => status === 200).length;
    expect(taken).toBeGreaterThan(0);
    // What the bucket holds, and what has flowed into it since.
    expect(taken).toBeLessThanOrEqual(5 + 5 * Math.ceil(seconds));
    const refused = replies.find(({ status }) => status === 429);
    expect(refused?.headers["retry-after"]).toBe("1");
    expect(JSON.parse(refused?.body ?? "")).toEqual({ error: "rate limit exceeded" });
    expect((await stage.ask("modest")).by).toBe("version 1");
  });

  test("a model that hangs: what it has taken gets the fixed response at the deadline, what is beyond the breaker at once", async () => {
    const failure = { onTimeout: "fallback", onOverload: "fallback", fallback: { score: 0.2 }, queueRows: 1 } as const;
    // 100/s for at most 0.3 s each: 30 at a time.
    await stage.apply(contract(failure, 100, 300), ALL);
    const pid = await stage.pid(1);
    const token = stage.signer.sign({ aud: "flight-delays", sub: "someone" });
    process.kill(pid, "SIGSTOP");
    try {
      const replies: Awaited<ReturnType<typeof stage.ask>>[] = [];
      // The routes are in force before the limits of a cluster that Envoy knew already; and what missed deadlines often enough is asked no more.
      const burst = await eventually(async () => {
        const answers = await Promise.all(Array.from({ length: 90 }, () => stage.ask("someone", token)));
        replies.push(...answers);
        return answers.some(({ by }) => by === "fallback for overload") && answers;
      });
      const late = replies.filter(({ by }) => by === "fallback for timeout");
      expect(late.length).toBeGreaterThan(0);
      const declared = ["fallback for overload", "fallback for timeout", "status 429"];
      expect(burst.filter(({ by }) => !declared.includes(by))).toEqual([]);
      expect(JSON.parse(late[0]?.body ?? "")).toMatchObject({
        model_name: "flight-delays",
        outputs: [{ name: "probabilities", datatype: "FP32", shape: [1, 2] }],
      });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await stage.answers(({ by }) => by === "version 1");
  });

  test("while the process of the serving revision is killed, the previous one answers: no caller sees a failure", async () => {
    const document = contract({ onError: "previous_revision", onTimeout: "error", onOverload: "error" });
    await stage.apply(document, [...ALL, { role: "warm", percent: 0 }]);
    const pid = await stage.pid(1);
    const seen: Record<string, number> = {};
    for (let each = 0; each < 600; each += 1) {
      if (each === 200) process.kill(pid, "SIGKILL");
      const { by } = await stage.ask();
      seen[by] = (seen[by] ?? 0) + 1;
    }
    expect(Object.keys(seen).sort()).toEqual(["version 1", "version 2"]);
  });

  test("with no process left, every caller gets the fixed response", async () => {
    const failure = {
      onError: "fallback",
      onTimeout: "fallback",
      onOverload: "fallback",
      fallback: { score: 0.2 },
    } as const;
    await stage.apply(contract(failure), ALL);
    await stage.host(1).close();
    await stage.answers(({ by }) => by === "fallback for overload");
    expect(await stage.count(50)).toEqual({ "fallback for overload": 50 });
  });
});
