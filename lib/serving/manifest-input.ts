import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import type { RevisionIdentity } from "@/lib/serving/local-target";
import type { Manifest } from "@/lib/serving/manifest";
import type { Cannot, ServingSpec } from "@/lib/serving/schema";

/** What a revision is in a cluster. Its name is the name of its InferenceService. */
export type ManifestIdentity = Omit<RevisionIdentity, "baseline"> & {
  /** SHA-256 of the specification, 64 hexadecimal digits. */
  readonly specDigest: string;
};

export type ManifestRevision = {
  readonly role: "serving" | "canary" | "warm";
  /** Share of the requests, 0 to 100; over the revisions of an endpoint 100 in all. */
  readonly percent: number;
  /** Gets a copy of the requests; its answers go to nobody. */
  readonly shadow: boolean;
  readonly spec: ServingSpec;
  readonly identity: ManifestIdentity;
};

/** One endpoint as a cluster is to hold it. */
export type ManifestInput = {
  readonly endpoint: string;
  /** Slug. */
  readonly useCase: string;
  readonly namespace: string;
  /** Of the endpoint's desired state. On the endpoint's objects only: on an InferenceService it would restart the pods. */
  readonly generation: number;
  readonly revisions: readonly ManifestRevision[];
  /** Where the cluster reads a model file from, by its SHA-256: the URI of one file. */
  readonly storage: Readonly<Record<string, string>>;
  /** Who signs the tokens of callers; the key set by address or as it is (JSON). */
  readonly jwt: { readonly issuer: string; readonly jwks: { readonly uri: string } | { readonly inline: string } };
  readonly cluster: ClusterCapabilities;
};

export type Compiled = {
  /** In the order in which they are applied. */
  readonly manifests: readonly Manifest[];
  /** What the cluster lacks; the objects that need it are left out. */
  readonly cannot: readonly Cannot[];
  /** What serves all the same, but not to the letter of the contract, or needs something of the cluster that cannot be seen from here. */
  readonly advice: readonly Cannot[];
};
