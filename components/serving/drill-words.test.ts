import { describe, expect, it } from "vitest";
import { delayWords, drillSummary, tied } from "./drill-words";

describe("a drill in words", () => {
  it("writes no time where nothing happened", () => {
    expect(delayWords(null)).toBe("—");
    expect(delayWords(36)).toBe("36\u00a0ms");
  });

  it("keeps a number and its unit on one line", () => {
    expect(tied("back after 3.45 s, within 15 seconds")).toBe("back after 3.45\u00a0s, within 15 seconds");
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
