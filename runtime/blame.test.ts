import { expect, test } from "vitest";
import { describeExit, isToBlame } from "./blame";

test("a native crash is laid at the door of the revision on probation at once", () => {
  expect(isToBlame({ revision: "r", kills: 1 }, { signal: "SIGSEGV" })).toBe(true);
  expect(isToBlame({ revision: "r", kills: 1 }, { signal: null })).toBe(true);
});

test("a kill from outside is not, until the third in a row", () => {
  expect([1, 2, 3].map((kills) => isToBlame({ revision: "r", kills }, { signal: "SIGKILL" }))).toEqual([
    false,
    false,
    true,
  ]);
});

test("an end is described by its signal or code", () => {
  expect(describeExit({ code: null, signal: "SIGABRT" })).toBe("the process was ended by SIGABRT");
  expect(describeExit({ code: 134, signal: null })).toBe("the process ended with code 134");
});
