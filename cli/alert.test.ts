import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "./run";
import { ok, PERSON, refused, testPortal } from "./test-portal";

const ALERT = "0b9f5d2e-0000-4000-8000-000000000001";
const firing = {
  ...{ id: ALERT, state: "firing", severity: "page", endpoint: "flights", title: "Availability burns" },
  ...{ startedAt: "2026-11-24T12:00:00.000Z", acknowledged: null, silence: null },
};
const made = { id: "c-1", name: "night", kind: "webhook", url: "https://x.example", severity: "page", endpoint: null };

let portal: Awaited<ReturnType<typeof testPortal>>;
let out: string;
let err: string;

beforeEach(async () => {
  portal = await testPortal({
    "GET /api/v1/alerts": () => ok({ items: [firing], nextCursor: null }),
    [`POST /api/v1/alerts/${ALERT}/acknowledge`]: () =>
      ok({ ...firing, acknowledged: { by: "sre@example.com", at: "2026-11-24T12:01:00.000Z", comment: null } }),
    "POST /api/v1/alert-silences": () =>
      ok({ id: "s-1", endpoint: "flights", clause: "latency_p99", endsAt: "2026-11-24T13:00:00.000Z" }),
    "GET /api/v1/alert-channels": () => ok({ items: [], nextCursor: null }),
    "POST /api/v1/alert-channels": () => ok({ ...made, owner: "SRE" }),
    "POST /api/v1/alert-channels/c-1/test": () => ok({ ok: false, status: 401, error: "answered 401: who are you" }),
    "POST /api/v1/alert-channels/gone/test": () => refused(404, "not_found", "There is no such channel."),
  });
});
afterEach(() => portal.close());

async function proviso(line: readonly string[], env: Record<string, string> = {}): Promise<number> {
  [out, err] = ["", ""];
  return run(line, {
    env: { HOME: "/nowhere", PROVISO_URL: portal.url, PROVISO_TOKEN: PERSON, ...env },
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

test("alerts are listed by the filters that were given", async () => {
  expect(await proviso(["alert", "list", "--state", "firing"])).toBe(0);
  expect(out).toMatch(/firing\s+page\s+flights\s+2026-11-24 12:00:00Z\s+-\s+Availability burns/);
  expect(portal.seen.at(-1)?.path).toBe("/api/v1/alerts?state=firing");
});

test("who has it is said", async () => {
  expect(await proviso(["alert", "ack", ALERT, "--comment", "looking"])).toBe(0);
  expect(out).toBe("sre@example.com has it: Availability burns\n");
  expect(portal.seen.at(-1)?.body).toEqual({ comment: "looking" });
});

test("a silence needs a reason", async () => {
  expect(await proviso(["alert", "silence", "flights", "--minutes", "60"])).toBe(2);
  expect(err).toContain("--reason is missing");
  const line = ["alert", "silence", "flights", "--minutes", "60", "--reason", "planned", "--clause", "latency_p99"];
  expect(await proviso(line)).toBe(0);
  expect(out).toContain("nobody is told of flights/latency_p99 until 2026-11-24 13:00:00Z");
  expect(portal.seen.at(-1)?.body).toMatchObject({ endpoint: "flights", minutes: "60", reason: "planned" });
});

test("a channel's secret comes from the environment, never from the command line", async () => {
  const line = [
    "alert",
    "channel",
    "add",
    "night",
    "--kind",
    "webhook",
    "--url",
    "https://x.example",
    "--owner",
    "SRE",
  ];
  expect(await proviso(line, { PROVISO_CHANNEL_SECRET: "0123456789abcdef" })).toBe(0);
  expect(portal.seen.at(-1)?.body).toMatchObject({ name: "night", kind: "webhook", secret: "0123456789abcdef" });
  expect(await proviso([...line, "--secret", "x"])).toBe(2);
});

test("no channel is said with what to do about it, and a test that does not arrive fails", async () => {
  expect(await proviso(["alert", "channel", "list"])).toBe(0);
  expect(out).toContain("proviso alert channel add");
  expect(await proviso(["alert", "channel", "test", "c-1"])).toBe(1);
  expect(err).toContain("It did not arrive: answered 401: who are you.");
  expect(await proviso(["alert", "channel", "test", "gone"])).toBe(1);
});
