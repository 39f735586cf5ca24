import { z } from "zod";
import { clusterLabel } from "@/lib/deployments/cluster-config";
import { readinessCheck } from "@/lib/inference/desired-state";
import { pageInput, pageOf } from "@/lib/page";
import { exactText, text } from "@/lib/text";

export const environment = z.enum(["staging", "production"]);
export const tier = z.enum(["cpu", "gpu", "edge"]);
/** `wall`: event time defaults to receive time. `supplied` (replay): rows without event time stay out of event windows. */
export const clock = z.enum(["wall", "supplied"]);
export const clauseState = z.enum(["met", "at_risk", "breached", "unproven"]);

export const endpointName = z
  .string()
  .trim()
  .min(1, "give it a name")
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,55}[a-z0-9])?$/, "lower-case letters, digits and dashes, at most 57");

export const createEndpointInput = z
  .object({
    name: endpointName,
    /** Slug. */
    useCase: text({ min: 1, max: 100, missing: "choose a use case" }),
    environment,
    tier,
    target: z.enum(["local", "kubernetes"], { error: "choose local or kubernetes" }),
    /** Name of a registered cluster; with target kubernetes only. */
    cluster: z.union([clusterLabel, z.literal("").transform(() => undefined)]).optional(),
    clock,
  })
  .refine(({ target, cluster }) => target === "local" || cluster !== undefined, {
    error: "choose the cluster that it serves on",
    path: ["cluster"],
  })
  .refine(({ target, cluster }) => target === "kubernetes" || cluster === undefined, {
    error: "the target local has no cluster",
    path: ["cluster"],
  });
export type CreateEndpointInput = z.output<typeof createEndpointInput>;

export const endpointKey = z.object({ name: exactText({ max: 100 }) });

export const rollBackInput = endpointKey.extend({
  /** Name of the revision to go back to; without one, the revision that is kept warm. */
  to: text({ max: 70 }).optional(),
  reason: text({ min: 1, max: 1000, missing: "say why: it goes into the audit log" }),
  /** The endpoint's name, typed. */
  confirm: text({ min: 1, max: 100, missing: "type the name of the endpoint" }),
  /** The generation that was shown: what changed since then is answered with the difference. */
  generation: z.coerce.number().int().min(0).max(2_147_483_647),
});
export type RollBackInput = z.output<typeof rollBackInput>;

export const listEndpointsInput = pageInput.extend({
  useCase: text({ max: 100 }).optional(),
  environment: z.union([environment, z.literal("").transform(() => undefined)]).optional(),
  /** `name`, or `worst`: the worst clause state first. */
  sort: z.enum(["name", "worst"]).default("name"),
});

export const revisionSummary = z.object({
  revision: z.string(),
  model: z.string(),
  version: z.number().int(),
  versionDigest: z.string(),
  contract: z.number().int(),
  contractDigest: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** When it first answered on the target; null: not yet. */
  servedAt: z.iso.datetime().nullable(),
});
export type RevisionSummary = z.output<typeof revisionSummary>;

export const observedSummary = z.object({
  /** `unknown`: the target has not reported it yet. */
  state: z.enum(["starting", "ready", "failed", "stopped", "unknown"]),
  reason: z.string().nullable(),
  generation: z.number().int().nullable(),
  /** Names of revisions. */
  serving: z.string().nullable(),
  warm: z.string().nullable(),
  refused: z.object({ revision: z.string(), reason: z.string() }).nullable(),
  restarts: z.number().int().nullable(),
  eventsDropped: z.number().int().nullable(),
  spoolBytes: z.number().int().nullable(),
  /** What has to be so before it answers, in order; null: the target does not say. */
  readiness: z.array(readinessCheck).nullable(),
  at: z.iso.datetime().nullable(),
  /** Seconds since the target was last read; null: never. */
  ageSeconds: z.number().nullable(),
});
export type ObservedSummary = z.output<typeof observedSummary>;

export const endpoint = z.object({
  name: z.string(),
  useCase: z.object({ slug: z.string(), name: z.string() }),
  environment,
  tier,
  target: z.enum(["local", "kubernetes"]),
  /** Of target kubernetes: name of the cluster. */
  cluster: z.string().nullable(),
  clock,
  generation: z.number().int(),
  /** What a client posts to (Open Inference Protocol v2); null until the endpoint listens. */
  inferenceUrl: z.string().nullable(),
  serving: revisionSummary.nullable(),
  warm: revisionSummary.nullable(),
  /** The contract of the serving revision. */
  contractInForce: z.object({ number: z.number().int(), digest: z.string().nullable() }).nullable(),
  observed: observedSummary,
  /** Whether the target does what is wanted. */
  settled: z.boolean(),
  clauses: z.object({ met: z.number(), at_risk: z.number(), breached: z.number(), unproven: z.number() }),
  worstClause: clauseState.nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type Endpoint = z.output<typeof endpoint>;

export const endpointPage = pageOf(endpoint);

export const inferenceToken = z.object({
  token: z.string(),
  issuer: z.string(),
  audience: z.string(),
  subject: z.string(),
  expiresAt: z.iso.datetime(),
  inferenceUrl: z.string().nullable(),
});
