import { expect, test } from "vitest";
import { createChannelInput } from "@/lib/monitoring/alert-view";
import { answerWords, CHANNEL_KINDS, type ChannelValues, channelInput } from "./channel-words";

const TYPED: ChannelValues = {
  kind: "webhook",
  ...{ name: "On call", url: " https://example.com/hook ", secret: "0123456789abcdef", severity: "page" },
  ...{ endpoint: "", owner: "platform" },
};

test("a secret that was typed for another kind is not sent", () => {
  expect(channelInput(TYPED)).toMatchObject({ url: "https://example.com/hook", secret: "0123456789abcdef" });
  expect(channelInput({ ...TYPED, kind: "slack" })).not.toHaveProperty("secret");
  expect(channelInput({ ...TYPED, kind: "pagerduty" })).not.toHaveProperty("url");
});

test.each(CHANNEL_KINDS)("what the form sends for %s is what the operation takes", (kind) => {
  expect(createChannelInput.parse(channelInput({ ...TYPED, kind }))).toMatchObject({ kind, endpoint: null });
});

test("the answer of a receiver is shown as it came", () => {
  expect(answerWords({ status: 202, error: null })).toBe("answered 202");
  expect(answerWords({ status: 500, error: "500: no such service" })).toBe("500: no such service");
});
