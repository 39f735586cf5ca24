import { expect, test } from "vitest";
import { channelTrouble } from "./channel-trouble";

const FINE = { channels: 2, failingChannels: 0, uncovered: [] };

test("without any channel nothing else is said, whichever endpoint is looked at", () => {
  const none = { channels: 0, failingChannels: 0, uncovered: ["flights"] };
  expect(channelTrouble(none)?.title).toBe("No channel: nobody is told when a promise breaks");
  expect(channelTrouble(none, "other")?.title).toBe("No channel: nobody is told when a promise breaks");
});

test("channels that take other endpoints' alerts do not count for this one", () => {
  const some = { ...FINE, uncovered: ["flights", "fraud"] };
  expect(channelTrouble(some, "flights")?.title).toContain("the pages of flights:");
  expect(channelTrouble(some, "credit")).toBeNull();
});

test("of many endpoints without channel three are named and the others counted", () => {
  const title = channelTrouble({ ...FINE, uncovered: ["a", "b", "c", "d", "e"] })?.title;
  expect(title).toContain("a, b, c and 2 more");
});

test("a channel that fails is said where another would not help", () => {
  expect(channelTrouble({ ...FINE, failingChannels: 1 })).toMatchObject({ tone: "risk", add: false });
  expect(channelTrouble(FINE)).toBeNull();
});
