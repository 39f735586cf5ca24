import type { Clause, DriftTest } from "@/lib/contracts/document";

/** What a drift clause without a test of its own is evaluated with. */
export const DEFAULT_DRIFT_TEST: DriftTest = {
  limits: "learned",
  floor: 0.05,
  factor: 1.25,
  alpha: 0.05,
  correction: "benjamini_hochberg",
};

/** The test of a drift clause: its own, or the default. */
export function driftTestOf({ drift }: Pick<Clause, "drift">): DriftTest {
  return drift ?? DEFAULT_DRIFT_TEST;
}
