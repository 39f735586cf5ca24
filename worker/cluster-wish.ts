import type { ClusterEndpoint, ClusterRevision } from "@/lib/deployments/cluster-endpoint";
import type { ClusterRecord } from "@/lib/deployments/cluster-record";
import { idOfKey, type LiveObject, type WantedObject } from "@/lib/deployments/live-object";
import { type Condition, sharesOf } from "@/lib/deployments/traffic-shares";
import { digestOf } from "@/lib/digest";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { compileManifests } from "@/lib/serving/compile-manifests";
import { objectOf } from "@/lib/serving/manifest";
import type { Cannot } from "@/lib/serving/schema";

type Place = { readonly namespace: string; readonly capabilities: ClusterCapabilities };
type Known = {
  readonly conditionOf: (revision: string) => Condition;
  readonly before: Readonly<Record<string, number>>;
};

/** What a cluster is to hold of an endpoint now, with the shares that its revisions may have. */
export type ClusterWish = {
  readonly objects: readonly WantedObject[];
  /** What is on record once all of them are applied. */
  readonly record: ClusterRecord;
  /** Revisions that cannot be applied: what the cluster lacks for them, with the fix. */
  readonly lacking: readonly { readonly revision: string; readonly reason: string }[];
  /** What it lacks beside. */
  readonly cannot: readonly Cannot[];
};

/** @param without names of revisions that are not to be applied now */
export function clusterWish(
  endpoint: ClusterEndpoint,
  { namespace, capabilities }: Place,
  known: Known,
  without: readonly string[] = [],
): ClusterWish {
  const { name, generation, useCase, jwt, storage } = endpoint;
  const revisions = sharesOf(leaving(endpoint, without), known);
  const input = { endpoint: name, useCase, namespace, generation, revisions, jwt, storage, cluster: capabilities };
  const { manifests, cannot } = compileManifests(input);
  const objects = manifests.map((manifest) => wantedOf(objectOf(manifest) as unknown as LiveObject));
  const made = new Set(
    objects.flatMap(({ object }) => (object.kind === "InferenceService" ? [object.metadata.name] : [])),
  );
  const lacking = revisions.flatMap(({ identity }) => (made.has(identity.revision) ? [] : [identity.revision]));
  return {
    objects,
    record: recordOf(endpoint, { revisions, objects }),
    lacking: lacking.map((revision) => ({ revision, reason: lacks(cannot) })),
    cannot,
  };
}

const lacks = (cannot: readonly Cannot[]) =>
  cannot.map(({ reason, fix }) => `${reason}; ${fix}`).join(". ") || "the cluster cannot run it";

/** The endpoint as if these revisions were not wanted: the one before serves on. */
function leaving(endpoint: ClusterEndpoint, without: readonly string[]): ClusterEndpoint {
  const unless = (revision: ClusterRevision | null) =>
    revision && without.includes(revision.identity.revision) ? null : revision;
  const [serving, warm] = [unless(endpoint.serving), unless(endpoint.warm)];
  const { canary } = endpoint;
  return {
    ...endpoint,
    serving: serving ?? warm,
    warm: serving ? warm : null,
    canary: canary && unless(canary.revision) ? canary : null,
  };
}

type Made = { readonly revisions: ReturnType<typeof sharesOf>; readonly objects: readonly WantedObject[] };

function recordOf(endpoint: ClusterEndpoint, { revisions, objects }: Made): ClusterRecord {
  const { generation, serving, warm, canary } = endpoint;
  const nameOf = (revision: ClusterRevision | null) => revision?.identity.revision ?? null;
  const wanted = [serving, warm, canary?.revision].filter((each) => each !== null && each !== undefined);
  return {
    generation,
    applied: generation,
    serving: nameOf(serving),
    warm: nameOf(warm),
    canary: canary && { revision: canary.revision.identity.revision, percent: canary.percent, shadow: canary.shadow },
    isRouted: objects.some(({ object }) => object.kind === "HTTPRoute"),
    shares: Object.fromEntries(revisions.map(({ identity, percent }) => [identity.revision, percent])),
    models: Object.fromEntries(wanted.map(({ identity }) => [identity.revision, identity.modelDigest])),
    digests: Object.fromEntries(objects.map(({ object, digest }) => [idOfKey(object), digest])),
  };
}

const wantedOf = (object: LiveObject): WantedObject => ({ object, digest: digestOf(object) });
