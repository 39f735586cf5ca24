import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EvidenceRunDetail } from "@/lib/governance/evidence-run";
import { testCurve } from "@/lib/serving/test-curve";
import { run } from "./run";
import { ok, PERSON, refused, testPortal } from "./test-portal";

const ID = "00000000-0000-4000-8000-000000000009";
const queued: EvidenceRunDetail = {
  id: ID,
  kind: "load",
  state: "queued",
  reason: null,
  progress: null,
  model: "flight-delay",
  version: 3,
  useCase: "flight-delays",
  contract: 2,
  evidenceId: null,
  requestedBy: "sre@example.com",
  createdAt: "2026-11-24T15:00:00.000Z",
  startedAt: null,
  endedAt: null,
  curve: null,
  drill: null,
};
const running = { ...queued, state: "running", progress: { step: 2, steps: 10, text: "50 requests/s" } };

let portal: Awaited<ReturnType<typeof testPortal>>;
let home: string;
let out: string;
let err: string;
/** What the run is at its next looks; the last one stays. */
let looks: unknown[];

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "proviso-evidence-"));
  portal = await testPortal({
    "POST /api/v1/evidence-runs": () => ({ status: 202, body: queued }),
    [`GET /api/v1/evidence-runs/${ID}`]: () => ok(looks.length > 1 ? looks.shift() : looks[0]),
    "POST /api/v1/models/flight-delay/versions/3/evidence": (body) =>
      JSON.stringify(body).includes("broken")
        ? refused(400, "invalid", "The report cannot be taken. metrics: is missing.", {
            content: ["metrics: is missing"],
          })
        : { status: 201, body: { evidenceId: ID, digest: "d".repeat(64), curve: testCurve({ kind: "attested" }) } },
  });
});
afterEach(async () => {
  await portal.close();
  await rm(home, { recursive: true, force: true });
});

async function proviso(...argv: string[]): Promise<number> {
  out = "";
  err = "";
  return run(argv, {
    env: { HOME: home, PROVISO_URL: portal.url, PROVISO_TOKEN: PERSON },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    input: null,
    signal: new AbortController().signal,
  });
}

const LOAD = ["evidence", "load", "flight-delay", "3", "--contract", "flight-delays/2"];

test("asks for a run under a contract, and follows it to its curve when told to wait", async () => {
  expect(await proviso(...LOAD)).toBe(0);
  expect(out).toContain("queued");
  const { body } = portal.seen.find(({ method }) => method === "POST") ?? {};
  expect(body).toEqual({ model: "flight-delay", version: 3, slug: "flight-delays", n: 2, kind: "load" });
  looks = [running, { ...running, state: "passed", curve: testCurve() }];
  expect(await proviso(...LOAD, "--wait")).toBe(0);
  expect(err).toContain("2 of 10: 50 requests/s");
  expect(out).toMatch(/1600\s+1600\.0/);
});

test("a run that failed is a refusal with its reason, and a contract without a number wrong usage", async () => {
  looks = [{ ...running, state: "failed", reason: "The copy cannot be loaded." }];
  expect(await proviso(...LOAD, "--wait")).toBe(1);
  expect(err).toContain("The copy cannot be loaded.");
  expect(await proviso("evidence", "drill", "flight-delay", "3", "--contract", "flight-delays")).toBe(2);
});

test("hands in a report as it is, and prints which field of it is at fault", async () => {
  const file = path.join(home, "summary.json");
  const words = [
    "--format",
    "k6",
    "--run-id",
    "12",
    "--target",
    "local",
    "--tier",
    "cpu",
    "--started-at",
    "2026-11-24T10:00:00Z",
  ];
  const hand = () => proviso("evidence", "import", "flight-delay", "3", "--file", file, ...words);
  expect(await hand()).toBe(2); // there is no such file
  await writeFile(file, "{}");
  expect(await hand()).toBe(0);
  expect(out).toContain("attested, not verified");
  await writeFile(file, "broken");
  expect(await hand()).toBe(1);
  expect(err).toContain("content: metrics: is missing");
});
