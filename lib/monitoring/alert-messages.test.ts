import { describe, expect, test } from "vitest";
import { messageFor, type Receiver, type Told, testAlert } from "@/lib/monitoring/alert-messages";

const now = Date.parse("2026-11-24T12:00:00Z");
const alert = {
  ...{ id: "0b9f5d2e-0000-4000-8000-000000000001", kind: "burn_rate", severity: "page", state: "firing" },
  ...{ title: "Availability burns", summary: "1 < 2 & more", endpoint: "flights", clause: "availability" },
  labels: { alertname: "ProvisoErrorBudgetBurns", endpoint: "flights", severity: "page", use_case: "delays" },
  annotations: { owner: "SRE", contract: "v3", lasted: "4 min", budget_spent: "12 %" },
  ...{ startedAt: "2026-11-24T11:59:00.000Z", resolvedAt: null, acknowledgedBy: "sre@example.com" },
};
const told = (event: Told["event"], over: Partial<Told["alert"]> = {}): Told => ({
  ...{ alert: { ...alert, ...over }, event, deliveryId: "d-1", portal: "https://portal.example", now },
});
const receiver = (kind: Receiver["kind"], url = "https://in.example/x", secret: string | null = null): Receiver => ({
  ...{ kind, url, secret },
});
const sent = (of: Receiver, event: Told["event"], over: Partial<Told["alert"]> = {}) => {
  const message = messageFor(of, told(event, over));
  if (!message) throw new Error("no message");
  return { ...message, json: JSON.parse(message.body) };
};

test("a webhook gets the whole alert, with a key to know it by, to be signed", () => {
  const { headers, json, signWith } = sent(receiver("webhook", undefined, "k".repeat(16)), "firing");
  expect(headers).toMatchObject({ "idempotency-key": "d-1", "x-proviso-event": "firing" });
  expect(signWith).toBe("k".repeat(16));
  expect(json).toMatchObject({
    ...{ id: "d-1", event: "firing", at: "2026-11-24T12:00:00.000Z" },
    alert: { id: alert.id, clause: "availability", url: `https://portal.example/alerts/${alert.id}` },
  });
});

describe("PagerDuty", () => {
  const pager = receiver("pagerduty", "https://events.pagerduty.com/v2/enqueue", "r".repeat(32));
  test("trigger, acknowledge and resolve carry the same key", () => {
    const all = (["firing", "acknowledged", "resolved"] as const).map((event) => sent(pager, event).json);
    expect(all.map((one) => one.event_action)).toEqual(["trigger", "acknowledge", "resolve"]);
    expect(new Set(all.map((one) => one.dedup_key))).toEqual(new Set([alert.id]));
    expect(all[0].payload).toMatchObject({ source: "flights", severity: "critical", component: "availability" });
  });
  test("no field is longer than the protocol allows", () => {
    expect(sent(pager, "firing", { summary: "x".repeat(5000) }).json.payload.summary).toHaveLength(1024);
  });
});

describe("Alertmanager", () => {
  test("goes to API v2 wherever its base is, and names when the alert ends", () => {
    expect(sent(receiver("alertmanager", "http://am:9093/"), "firing").url).toBe("http://am:9093/api/v2/alerts");
    expect(sent(receiver("alertmanager", "http://am/x/api/v2/alerts"), "firing").url).toBe("http://am/x/api/v2/alerts");
    const [firing] = sent(receiver("alertmanager"), "firing").json;
    expect(firing).toMatchObject({
      labels: alert.labels,
      startsAt: alert.startedAt,
      endsAt: "2026-11-24T12:05:00.000Z",
    });
    const [over] = sent(receiver("alertmanager"), "resolved", { resolvedAt: "2026-11-24T11:59:30.000Z" }).json;
    expect(over.endsAt).toBe("2026-11-24T11:59:30.000Z");
  });
  test("is not told of an acknowledgement, for which it has no word", () => {
    expect(messageFor(receiver("alertmanager"), told("acknowledged"))).toBeNull();
  });
});

describe("Slack", () => {
  test("gets text and blocks, with nothing in them that it would take for markup", () => {
    const { json } = sent(receiver("slack"), "firing");
    expect(json.text).toBe("Firing: Availability burns");
    expect(json.blocks[1].text.text).toBe("1 &lt; 2 &amp; more");
    expect(JSON.stringify(json.blocks)).toContain(`<https://portal.example/alerts/${alert.id}|`);
  });
  test("says at the end what it cost", () => {
    expect(sent(receiver("slack"), "resolved").json.blocks[1].text.text).toBe(
      "It lasted 4 min and spent 12 % of the error budget.",
    );
  });
});

test("a test message says that nothing is wrong", () => {
  expect(testAlert({ id: "c", name: "night shift" }, now)).toMatchObject({
    severity: "ticket",
    summary: /Nothing is wrong/,
  });
});
