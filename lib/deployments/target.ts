import type { DesiredState, EndpointStatus } from "@/lib/inference/desired-state";
import type { Capabilities } from "@/lib/serving/schema";

/** The desired endpoints, by name and generation. */
export type DesiredEndpoint = DesiredState["endpoints"][number];

/**
 * Where revisions run. Idempotent, by name and generation: the worker calls it again and again, also after it was killed half-way.
 * Every method throws when the target does not answer.
 */
export type ServingTarget = {
  readonly capabilities: Capabilities;
  /** Makes the target hold these endpoints; others are left as they are. Names of endpoints of which it holds a higher generation. */
  readonly apply: (endpoints: readonly DesiredEndpoint[]) => Promise<{ readonly stale: readonly string[] }>;
  /** What the target holds now. */
  readonly observe: () => Promise<readonly EndpointStatus[]>;
};
