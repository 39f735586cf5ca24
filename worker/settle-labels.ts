import { hasClickHouse } from "@/lib/clickhouse/client";
import { settleLabels } from "@/lib/clickhouse/ground-truth";
import type { Job } from "./job";

const BATCH = 10_000;

/** Joins labels with their rows, as soon as both are there. */
export const settleGroundTruth: Job = {
  name: "settle labels",
  everyMs: 1500,
  run: async (signal) => {
    if (!hasClickHouse()) return;
    while (!signal.aborted && (await settleLabels(BATCH)) === BATCH);
  },
};
