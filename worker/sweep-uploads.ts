import { artifactStore } from "@/lib/artifacts/store";
import { logger } from "@/lib/logger";
import type { Job } from "./job";

const HOUR_MS = 3_600_000;
/** Longer than any upload lasts. */
const ABANDONED_MS = 24 * HOUR_MS;

/** Removes what uploads left behind whose process died in the middle. */
export const sweepUploads: Job = {
  name: "sweep uploads",
  everyMs: HOUR_MS,
  run: async () => {
    const removed = await artifactStore().sweep(Date.now() - ABANDONED_MS);
    if (removed > 0) logger().info({ removed }, "abandoned uploads removed");
  },
};
