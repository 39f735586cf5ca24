import { describe, expect, it } from "vitest";
import type { EvidenceRun } from "@/lib/governance/evidence-run";
import { progressShare, progressWords, shownRuns, tookWords } from "./run-words";

const run = (of: Partial<EvidenceRun>): EvidenceRun => ({
  id: "1",
  kind: "load",
  state: "running",
  reason: null,
  progress: null,
  model: "flight-delays",
  version: 2,
  useCase: "flight-delays",
  contract: 1,
  evidenceId: null,
  requestedBy: "scientist@example.com",
  createdAt: "2026-11-24T10:00:00.000Z",
  startedAt: "2026-11-24T10:00:01.000Z",
  endedAt: null,
  ...of,
});

describe("a run in words", () => {
  it("says what is being waited for, and where it is", () => {
    expect(progressWords(run({ state: "queued" }))).toBe("waits for the worker");
    expect(progressWords(run({}))).toBe("begins");
    expect(progressWords(run({ progress: { step: 3, steps: 9, text: "400 requests/s" } }))).toBe(
      "step 3 of 9: 400 requests/s",
    );
  });

  it("does not count the step that runs as done, and never leaves the bar", () => {
    expect(progressShare(run({ progress: { step: 1, steps: 4, text: "" } }))).toBe(0);
    expect(progressShare(run({ progress: { step: 3, steps: 4, text: "" } }))).toBe(0.5);
    expect(progressShare(run({ progress: { step: 9, steps: 4, text: "" } }))).toBe(1);
    expect(progressShare(run({ progress: { step: 1, steps: 0, text: "" } }))).toBe(0);
  });

  it("says how long it took once it has ended", () => {
    expect(tookWords(run({}))).toBeNull();
    expect(tookWords(run({ endedAt: "2026-11-24T10:00:49.000Z" }))).toBe("took 48\u00a0s");
  });

  it("shows the open ones and a last failure, but no failure that a later success has outdone", () => {
    const failed = run({ id: "2", state: "failed" });
    const passed = run({ id: "3", state: "passed" });
    expect(shownRuns([run({}), failed, passed], "load").map(({ id }) => id)).toEqual(["1", "2"]);
    expect(shownRuns([passed, failed], "load")).toEqual([]);
    expect(shownRuns([run({ kind: "drill" })], "load")).toEqual([]);
  });
});
