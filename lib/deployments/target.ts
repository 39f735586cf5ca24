import type { DesiredState, EndpointStatus } from "@/lib/inference/desired-state";
import type { Capabilities } from "@/lib/serving/schema";

/** What the local runtime is to hold of an endpoint. A cluster takes a `ClusterEndpoint`. */
export type DesiredEndpoint = DesiredState["endpoints"][number];

/** What every target needs of a desired endpoint, whatever else it takes. */
export type Wanted = { readonly name: string; readonly generation: number };

/**
 * Where revisions run. Idempotent, by name and generation: the worker calls it again and again, also after it was killed half-way.
 * Every method throws when the target does not answer.
 */
export type ServingTarget<Desired extends Wanted = DesiredEndpoint> = {
  readonly capabilities: Capabilities;
  /**
   * Whether `apply` itself compares what is there with what is wanted, at next to no cost: it is then called each round, and puts back
   * what somebody else changed. Otherwise it is called when the wish changed or the target is behind.
   */
  readonly comparesItself?: boolean;
  /** Makes the target hold these endpoints; others are left as they are. Names of endpoints of which it holds a higher generation. */
  readonly apply: (endpoints: readonly Desired[]) => Promise<{ readonly stale: readonly string[] }>;
  /** What the target holds now. */
  readonly observe: () => Promise<readonly EndpointStatus[]>;
};
