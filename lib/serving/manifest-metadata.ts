import { by, type Part } from "@/lib/serving/manifest";
import type { ManifestIdentity, ManifestInput } from "@/lib/serving/manifest-input";

/** Label of everything that is ours in a cluster. */
export const MANAGED_BY = { "app.kubernetes.io/managed-by": "proviso" } as const;
export const ENDPOINT_LABEL = "proviso.dev/endpoint";
export const REVISION_LABEL = "proviso.dev/revision";
export const GENERATION_ANNOTATION = "proviso.dev/generation";

type Place = Pick<ManifestInput, "endpoint" | "namespace" | "generation">;

/**
 * Metadata of an object of the endpoint as a whole: named after it, with the generation that it was made for. `clause`: what asks for
 * the object; without it the object is not there.
 */
export function endpointMetadata({ endpoint, namespace, generation }: Place, clause: string): Part {
  return by(clause, {
    name: endpoint,
    namespace,
    labels: { ...MANAGED_BY, [ENDPOINT_LABEL]: endpoint },
    annotations: { [GENERATION_ANNOTATION]: `${generation}` },
  });
}

type Texts = Readonly<Record<string, string>>;

type RevisionPlace = {
  readonly endpoint: string;
  readonly namespace: string;
  readonly identity: ManifestIdentity;
};

/**
 * Metadata of an object of one revision: named after it, and the same for as long as it exists. No generation: KServe hands labels and
 * annotations on to the pods, and each change of traffic would restart them. `more`: labels and annotations that the kind needs.
 */
export function revisionMetadata(
  { endpoint, namespace, identity }: RevisionPlace,
  clause: string,
  more: { readonly labels?: Texts; readonly annotations?: Texts } = {},
): Part {
  const { revision, contractDigest, modelDigest, specDigest } = identity;
  return by(clause, {
    name: revision,
    namespace,
    labels: { ...MANAGED_BY, [ENDPOINT_LABEL]: endpoint, [REVISION_LABEL]: revision, ...more.labels },
    annotations: {
      "proviso.dev/contract-digest": contractDigest,
      "proviso.dev/model-digest": modelDigest,
      "proviso.dev/spec-digest": specDigest,
      ...more.annotations,
    },
  });
}
