import type { ClusterEndpoint } from "@/lib/deployments/cluster-endpoint";
import { sharesOf } from "@/lib/deployments/traffic-shares";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { compileManifests } from "@/lib/serving/compile-manifests";
import { keyOf, type Manifest } from "@/lib/serving/manifest";
import type { Compiled } from "@/lib/serving/manifest-input";
import { yamlOf } from "@/lib/serving/manifest-yaml";

type Place = { readonly namespace: string; readonly capabilities: ClusterCapabilities };

/** The objects of an endpoint once everything of it answers: what the cluster holds on the way there differs by shares of traffic only. */
export function plannedManifests(endpoint: ClusterEndpoint, { namespace, capabilities }: Place): Compiled {
  const { name, generation, useCase, jwt, storage } = endpoint;
  const conditionOf = () => ({ isLoaded: true, answers: true });
  const revisions = sharesOf(endpoint, { conditionOf, before: {} });
  return compileManifests({
    ...{ endpoint: name, generation, useCase, namespace, jwt, storage, revisions, cluster: capabilities },
  });
}

/** An object as a page and a file show it. */
export function shownManifest(manifest: Manifest) {
  const { kind, name, namespace } = keyOf(manifest);
  return { kind, name, namespace, yaml: yamlOf(manifest) };
}
