import { expect, test } from "vitest";
import { coincidingChange, suggestedActions, timelineOf } from "@/lib/monitoring/incident";

const started = Date.parse("2026-11-24T12:00:00Z");
const at = (minutes: number) => new Date(started + minutes * 60_000);
const change = (minutes: number, kind = "promotion") => ({
  at: at(minutes).toISOString(),
  kind,
  label: `${kind} ${minutes}`,
});
const SITUATION = {
  ...{
    endpoint: "flights",
    useCase: "delays",
    kind: "burn_rate",
    firing: true,
    warm: "flights-r1",
    startedAt: started,
  },
  ...{ coincides: change(-5), clauseName: "Availability", contract: 3, silenced: false },
};

test("a change of what serves in the hour before is a cause to think of; contracts, earlier and later ones are not", () => {
  expect(coincidingChange([change(-90), change(-30), change(-5), change(2)], started)).toEqual(change(-5));
  expect(coincidingChange([change(-5, "contract"), change(-61), change(1)], started)).toBeNull();
});

test("actions stand in the order of how easily they are undone, and only where they can be done", () => {
  const kinds = (over: Partial<typeof SITUATION> | { coincides: null } | { warm: null }) =>
    suggestedActions({ ...SITUATION, ...over }).map(({ kind }) => kind);
  expect(kinds({})).toEqual(["roll_back", "silence", "drill", "amend"]);
  expect(kinds({ coincides: null })).toEqual(["silence", "drill", "amend"]);
  expect(kinds({ warm: null })).not.toContain("roll_back");
  expect(kinds({ silenced: true })).not.toContain("silence");
  expect(kinds({ firing: false })).toEqual(["drill", "amend"]);
});

test("the timeline tells in order what happened: change, alert, messages, who has it, silence, end", () => {
  const alert = {
    ...{ kind: "burn_rate", title: "it burns", source: "proviso", startedAt: at(0), resolvedAt: at(30) },
    ...{ acknowledgedBy: "sre@example.com", acknowledgedAt: at(3), acknowledgement: null },
  };
  const delivery = { event: "firing", attempts: 1, lastError: null, createdAt: at(0), channel: { name: "night" } };
  const entries = timelineOf(alert, {
    deliveries: [
      { ...delivery, state: "delivered", deliveredAt: at(1) },
      { ...delivery, state: "failed", deliveredAt: null, lastError: "answered 401", channel: { name: "day" } },
    ],
    silences: [
      {
        ...{ reason: "known", startsAt: at(5), endsAt: at(65), endedAt: at(20) },
        ...{ endedBy: "sre@example.com", createdBy: "sre@example.com" },
      },
    ],
    changes: [change(-90), change(-5)],
    now: at(120).getTime(),
  });
  expect(entries.map(({ kind }) => kind)).toEqual([
    ...["change", "opened", "delivery_failed", "delivered", "acknowledged", "silenced", "silence_ended", "resolved"],
  ]);
  expect(entries[2]?.label).toBe("day could not be told that it fires (1 try): answered 401");
});
