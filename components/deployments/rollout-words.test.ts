import { expect, test } from "vitest";
import { guardNumber, leftWords, progressShare, rolloutLook, stageLook } from "./rollout-words";

const progress = { samples: 50, samplesNeeded: 200, seconds: 30, secondsNeeded: 60 };

test("a stage is as far as the slower of its samples and its time", () => {
  expect(progressShare(progress)).toBe(0.25);
  expect(progressShare({ ...progress, samples: 900 })).toBe(0.5);
  expect(progressShare({ samples: 0, samplesNeeded: 0, seconds: 0, secondsNeeded: 0 })).toBe(1);
});

test("what is left is told at the rate so far, and never less than the time that was signed", () => {
  expect(leftWords(progress)).toBe("about 1.5\u00a0min");
  expect(leftWords({ ...progress, samples: 199 })).toBe("about 30\u00a0s");
  expect(leftWords({ ...progress, samples: 200 })).toBe("30\u00a0s");
  expect(leftWords({ ...progress, samples: 0 })).toBe("200 samples");
  expect(leftWords({ ...progress, samples: 200, seconds: 60 })).toBe("none");
});

test("a guard's number is in its own unit, a difference in percentage points", () => {
  expect(guardNumber(0.0213, "share")).toBe("2.13\u00a0%");
  expect(guardNumber(0.0213, "difference")).toBe("2.13 pp");
  expect(guardNumber(0.0213, "distance")).toBe("0.0213");
  expect(guardNumber(null, "score")).toBe("—");
});

test("a pause shows while there is something to hold, and the stage it ended in says how", () => {
  const held = { state: "stepping", paused: false, pausedByAll: true } as const;
  expect(rolloutLook(held).word).toBe("Paused");
  expect(rolloutLook({ ...held, state: "completed" }).word).toBe("Serves");
  expect(stageLook({ progress: "ended" }, { ...held, state: "rolled_back" })?.word).toBe("Rolled back");
  expect(stageLook({ progress: "ahead" }, held)).toBeNull();
});
