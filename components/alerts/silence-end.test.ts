import { expect, test } from "vitest";
import { silenceEnd } from "./silence-end";

test("a length is minutes, a time is UTC wherever the browser is", () => {
  expect(silenceEnd("240", "")).toEqual({ minutes: 240 });
  expect(silenceEnd("until", "2026-11-24T18:30")).toEqual({ endsAt: "2026-11-24T18:30:00.000Z" });
});

test("half a time is no time", () => {
  expect(silenceEnd("until", "")).toBeNull();
  expect(silenceEnd("until", "2026-11-24")).toBeNull();
  expect(silenceEnd("until", "2026-13-41T99:99")).toBeNull();
});
