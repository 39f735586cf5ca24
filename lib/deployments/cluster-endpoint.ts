import type { ManifestIdentity, ManifestInput } from "@/lib/serving/manifest-input";
import type { ServingSpec } from "@/lib/serving/schema";

/** A revision for a cluster: the specification under its contract, and what it is. Its manifests are compiled from these alone. */
export type ClusterRevision = { readonly spec: ServingSpec; readonly identity: ManifestIdentity };

/**
 * What a cluster is to hold of an endpoint. The shape of the local runtime's wish, with the specification in place of its compiled
 * form: a cluster's manifests depend on what the cluster can do, which only the target knows.
 */
export type ClusterEndpoint = {
  /** Name of the endpoint: of its route, and of the model in the Open Inference Protocol. */
  readonly name: string;
  /** Grows with every change of what is wanted; a lower one than the cluster holds is refused. */
  readonly generation: number;
  /** Slug. */
  readonly useCase: string;
  /** Name of the registered cluster. */
  readonly cluster: string;
  /** Null: everything of the endpoint is taken away, only its generation stays on record. */
  readonly serving: ClusterRevision | null;
  /** The previous revision, kept with weight 0, so that going back is one change of weights. */
  readonly warm: ClusterRevision | null;
  /** A revision on its way to serving; null: none is. */
  readonly canary: {
    readonly revision: ClusterRevision;
    /** Share of the requests that it answers, in per cent, once it is ready. */
    readonly percent: number;
    /** It gets a copy of the requests that it does not answer. */
    readonly shadow: boolean;
  } | null;
  /** Who signs the tokens of callers. */
  readonly jwt: ManifestInput["jwt"];
  /** Where the cluster reads the model files of these revisions from: URI by SHA-256. */
  readonly storage: ManifestInput["storage"];
};
