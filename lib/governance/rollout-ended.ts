import { z } from "zod";

/** What a person who ended a rollout is told. */
export const rolloutEnded = z.object({
  id: z.uuid(),
  endpoint: z.string(),
  state: z.literal("stopped"),
  promotion: z.number().int(),
  candidate: z.string(),
  serving: z.string(),
});
