import { type ContainerFact, gpusOf } from "@/lib/deployments/gpu-resources";
import { MOST_UNMANAGED, type UnmanagedWorkload, type UnmanagedWorkloads } from "@/lib/deployments/unmanaged-workload";
import { ENDPOINT_LABEL, MANAGED_BY } from "@/lib/serving/manifest-metadata";

type Words = Readonly<Record<string, string>>;

/** A Deployment or an InferenceService, as far as it is read. */
export type WorkloadFact = {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Words;
    readonly annotations?: Words;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers?: readonly ContainerFact[] } };
    readonly predictor?: {
      readonly minReplicas?: number;
      readonly model?: ContainerFact & { readonly storageUri?: string; readonly storage?: { readonly path?: string } };
      readonly containers?: readonly ContainerFact[];
    };
  };
};

const HINTS: readonly (readonly [word: string, key: string])[] = [
  ["Argo CD", "argocd.argoproj.io/instance"],
  ["Argo CD", "argocd.argoproj.io/tracking-id"],
  ["Flux", "kustomize.toolkit.fluxcd.io/name"],
  ["Flux", "helm.toolkit.fluxcd.io/name"],
  ["Helm", "meta.helm.sh/release-name"],
  ["Seldon", "seldon-deployment-id"],
];

/**
 * What serves in a cluster without a contract: InferenceServices, and Deployments that ask for GPUs. What we made is left out, and so
 * is what a controller made from something that is listed. By namespace and name.
 */
export function unmanagedIn(
  inferenceServices: readonly WorkloadFact[],
  deployments: readonly WorkloadFact[],
): UnmanagedWorkloads {
  const found = [
    ...inferenceServices.filter(isForeign).map(ofService),
    ...deployments.filter(isForeign).flatMap(ofDeployment),
  ];
  const key = ({ namespace, name, kind }: UnmanagedWorkload) => `${namespace}/${name}/${kind}`;
  found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return { total: found.length, items: found.slice(0, MOST_UNMANAGED) };
}

function isForeign({ metadata: { labels = {}, ownerReferences = [] } }: WorkloadFact): boolean {
  const isOurs = Object.entries(MANAGED_BY).every(([key, value]) => labels[key] === value) && ENDPOINT_LABEL in labels;
  return !isOurs && ownerReferences.length === 0;
}

function ofService({ metadata, spec }: WorkloadFact): UnmanagedWorkload {
  const { model, containers = [], minReplicas } = spec?.predictor ?? {};
  const all = [...(model ? [model] : []), ...containers];
  return {
    kind: "InferenceService",
    ...placeOf(metadata),
    what: model?.storageUri ?? model?.storage?.path ?? all.find(({ image }) => image)?.image ?? null,
    gpus: all.reduce((total, each) => total + gpusOf(each), 0),
    replicas: minReplicas ?? null,
  };
}

function ofDeployment({ metadata, spec }: WorkloadFact): UnmanagedWorkload[] {
  const containers = spec?.template?.spec?.containers ?? [];
  const gpus = containers.reduce((total, each) => total + gpusOf(each), 0);
  if (gpus === 0) return [];
  const image = containers.find((each) => gpusOf(each) > 0)?.image ?? null;
  return [{ kind: "Deployment", ...placeOf(metadata), what: image, gpus, replicas: spec?.replicas ?? null }];
}

function placeOf({ name, namespace = "", labels = {}, annotations = {} }: WorkloadFact["metadata"]) {
  const hint = HINTS.flatMap(([word, key]) => {
    const value = labels[key] ?? annotations[key];
    // A tracking id is `<application>:<group>/<kind>:<namespace>/<name>`.
    return value === undefined ? [] : [`${word}: ${value.split(":")[0]}`];
  });
  return { namespace, name, owner: hint[0] ?? null };
}
