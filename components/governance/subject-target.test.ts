import { expect, test } from "vitest";
import { subjectTarget } from "./subject-target";

test.each([
  ["use_case", "flights", "/use-cases/flights", "flights"],
  ["contract", "flights/2", "/use-cases/flights/contract/2", "v2"],
  ["promotion", "7", "/promotions/7", "promotion 7"],
  ["endpoint", "flights", "/endpoints/flights", "flights"],
  ["clause", "flights/latency_p99", "/endpoints/flights", "latency_p99 on flights"],
])("a %s leads to its page", (subjectType, subject, href, label) => {
  expect(subjectTarget({ subjectType, subject })).toEqual({ href, label });
});

const ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

test.each([
  ["alert.open", { id: ID }, `/alerts/${ID}`],
  ["alert.acknowledge", { id: ID }, `/alerts/${ID}`],
  ["alert.acknowledge", null, "/alerts?state=all&endpoint=flights"],
  ["alert.silence", { id: ID }, "/settings/alerts?endpoint=flights"],
  ["alert.end_silence", { id: ID }, "/settings/alerts?endpoint=flights"],
])("%s leads to the incident, or to the silences of the endpoint", (action, after, href) => {
  const event = { subjectType: "alert", subject: "flights/latency_p99", action, after };
  expect(subjectTarget(event)).toEqual({ href, label: "flights/latency_p99" });
});

test("a channel leads to the settings of alerts", () => {
  expect(subjectTarget({ subjectType: "alert_channel", subject: "On call" })?.href).toBe("/settings/alerts");
});

test("what has no page leads nowhere", () => {
  expect(subjectTarget({ subjectType: "session", subject: "1" })).toBeNull();
});
