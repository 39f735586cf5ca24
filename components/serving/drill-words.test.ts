import { describe, expect, it } from "vitest";
import { countsWords, drillSummary, timesWords } from "./drill-words";

describe("a drill in words", () => {
  it("counts what callers got and leaves out what nobody got", () => {
    expect(countsWords({ sent: 1420, model: 180, fallback: 1240, secondary: 0, refused: 0, failed: 0 })).toBe(
      "1,420 sent: 180 by the model, 1,240 fallback",
    );
    expect(countsWords({ sent: 0, model: 0, fallback: 0, secondary: 0, refused: 0, failed: 0 })).toBe(
      "0 sent: no answer",
    );
  });

  it("says so where nothing stood in, or the model stayed away", () => {
    expect(timesWords({ injectedAt: 0, firstStandInMs: null, recoveredMs: null })).toBe(
      "nothing stood in, the model did not come back",
    );
    expect(timesWords({ injectedAt: 0, firstStandInMs: 12, recoveredMs: 1200 })).toBe(
      "stood in after 12\u00a0ms, model back after 1.2\u00a0s",
    );
  });

  it("counts the faults that went as declared", () => {
    const fault = {
      fault: "kill" as const,
      declared: "",
      seen: "",
      passed: true,
      times: { injectedAt: 0, firstStandInMs: null, recoveredMs: null },
      counts: { sent: 0, model: 0, fallback: 0, secondary: 0, refused: 0, failed: 0 },
    };
    expect(drillSummary({ faults: [fault, { ...fault, passed: false }] })).toBe("1 of 2 faults as declared");
    expect(drillSummary({ faults: [fault] })).toBe("1 of 1 fault as declared");
  });
});
