import { expect, test } from "vitest";
import { alertLook, filterOf, listInput, toldLook } from "./alert-words";

const NONE = { pending: 0, delivered: 0, failed: 0, silenced: 0 };

test("an alert that somebody has is neither firing alone nor over", () => {
  const acknowledged = { by: "sre@example.com", at: "2026-11-24T10:00:00.000Z", comment: null };
  expect(alertLook({ state: "firing", acknowledged: null })).toEqual({ state: "breached", word: "Firing" });
  expect(alertLook({ state: "firing", acknowledged })).toEqual({ state: "at_risk", word: "Acknowledged" });
  expect(alertLook({ state: "resolved", acknowledged })).toEqual({ state: "met", word: "Resolved" });
});

test("an alert nobody was told of says so", () => {
  expect(toldLook(NONE)).toEqual({ state: "unproven", word: "Nobody told", note: null });
});

test("one delivery does not hide the one that was given up", () => {
  expect(toldLook({ ...NONE, delivered: 1, failed: 2 })).toEqual({
    state: "met",
    word: "1 delivered",
    note: "2 given up",
  });
  expect(toldLook({ ...NONE, failed: 1 })).toMatchObject({ state: "breached", word: "Given up" });
});

test("the address shows what fires unless it says otherwise, and words it does not know are not said", () => {
  expect(filterOf({})).toEqual({ state: "firing" });
  expect(filterOf({ state: "burning", severity: "loud", endpoint: "flights" })).toEqual({
    state: "firing",
    endpoint: "flights",
  });
  expect(listInput(filterOf({ state: "all", severity: "page" }))).toEqual({ severity: "page", sort: "newest" });
  expect(listInput(filterOf({}))).toEqual({ state: "firing", sort: "worst" });
});
