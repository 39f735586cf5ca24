import { clusterConfig } from "@/lib/deployments/cluster-config";
import { type EndpointStatus, endpointStatus } from "@/lib/inference/desired-state";
import type { ObservedSummary } from "./schema";

type Stored = { readonly observed: unknown; readonly observedAt: Date | null };

/** The status a target last reported, or null when there is none. */
export function readObserved(observed: unknown): EndpointStatus | null {
  return endpointStatus.safeParse(observed).data ?? null;
}

/** What a page says of the target, with the age of the reading in seconds at `now`. */
export function observedSummaryOf({ observed, observedAt }: Stored, now: Date): ObservedSummary {
  const status = readObserved(observed);
  return {
    state: status?.state ?? "unknown",
    reason: status?.reason ?? null,
    generation: status?.generation ?? null,
    serving: status?.serving ?? null,
    warm: status?.warm ?? null,
    refused: status?.refused ?? null,
    restarts: status?.restarts ?? null,
    eventsDropped: status?.eventsDropped ?? null,
    spoolBytes: status?.spoolBytes ?? null,
    readiness: status?.readiness ?? null,
    at: observedAt?.toISOString() ?? null,
    ageSeconds: observedAt === null ? null : Math.max(0, (now.getTime() - observedAt.getTime()) / 1000),
  };
}

type InCluster = { readonly config: unknown } | null;

/**
 * Where clients of an endpoint send their rows; null until the target says where it listens. In a cluster that is its gateway, which
 * holds the limits and looks at the tokens: never the model's own address.
 */
export function inferenceUrlOf(name: string, observed: unknown, cluster: InCluster): string | null {
  const listens = readObserved(observed)?.url;
  const base = cluster && listens ? clusterConfig.safeParse(cluster.config).data?.gatewayUrl : listens;
  return base ? `${base.replace(/\/+$/, "")}/v2/models/${name}/infer` : null;
}

/** Whether the target could not run what is to serve: nothing answers that another revision could stand beside. Silence does not say so. */
export function hasGivenUp(serving: string, status: EndpointStatus | null): boolean {
  return status?.state === "failed" || status?.refused?.revision === serving;
}

export type Desired = { readonly generation: number; readonly serving: string | null };

export type Outcome =
  | { readonly kind: "waiting" }
  | { readonly kind: "serves" }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Whether the target does what is wanted, from its last status. A status of an older generation says nothing about this one.
 * A target that failed at this generation without anything of it answering counts as a refusal.
 */
export function outcomeOf(desired: Desired, status: EndpointStatus | null): Outcome {
  if (status === null || status.generation !== desired.generation) return { kind: "waiting" };
  if (status.refused !== null && status.refused.revision === desired.serving) {
    return { kind: "refused", reason: status.refused.reason };
  }
  if (desired.serving === null) return { kind: status.serving === null ? "serves" : "waiting" };
  if (status.state === "ready" && status.serving === desired.serving) return { kind: "serves" };
  if (status.state === "failed") return { kind: "refused", reason: status.reason ?? "it failed without a reason" };
  return { kind: "waiting" };
}
