import { z } from "zod";

/**
 * Breaking a model on purpose, for drills. Only a host started with RUNTIME_DRILL=1 knows the path; every other host answers 404.
 *
 *     POST /v1/fault                                  (admin interface, with the host's token)
 *     {"endpoint": "canary", "fault": {"kind": "slow", "ms": 80}}
 *     -> 200 {"endpoint": "canary", "revision": "canary-r1", "pid": 4242}   once the endpoint's process has it: no later request escapes
 *     -> 400 malformed, 404 no such endpoint, 409 nothing serves, 503 the process does not take messages (it hangs or restarts)
 *
 * The fault lies on the model of the revision that serves, or of the one on its way to serving where `revision` names it, from its next
 * run on, in whatever thread runs it; the others stay well. It ends with `none`, with the process (killed, or ended by itself after a hang), and with the unloading of the revision.
 */
export const FAULT_PATH = "/v1/fault";

export const modelFault = z.discriminatedUnion("kind", [
  /** The run never returns (or returns after `ms`), and neither does the thread that it is in. Without a deadline's thread that is the whole process. */
  z.strictObject({ kind: z.literal("hang"), ms: z.int().min(1).max(600_000).optional() }),
  /** Every run takes `ms` longer. */
  z.strictObject({ kind: z.literal("slow"), ms: z.int().min(1).max(60_000) }),
  /** Every run fails. */
  z.strictObject({ kind: z.literal("error") }),
  /** Every run answers, with values that are no numbers. */
  z.strictObject({ kind: z.literal("wrong") }),
  /** Well again; a run that hangs or waits goes on. */
  z.strictObject({ kind: z.literal("none") }),
]);
export type ModelFault = z.output<typeof modelFault>;

export const faultRequest = z.strictObject({
  endpoint: z.string().min(1).max(63),
  fault: modelFault,
  revision: z.string().min(1).max(63).optional(),
});
export type FaultRequest = z.output<typeof faultRequest>;

export const faultAnswer = z.strictObject({ endpoint: z.string(), revision: z.string(), pid: z.int() });
export type FaultAnswer = z.output<typeof faultAnswer>;
