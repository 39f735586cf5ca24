import type { FailureMode } from "@/lib/contracts/document";
import type { Part } from "@/lib/serving/manifest";
import { Stated } from "@/lib/serving/manifest";
import type { ManifestInput, ManifestRevision } from "@/lib/serving/manifest-input";
import { failureModeOf } from "@/lib/serving/spec-failure";
import { leafAt } from "@/lib/serving/spec-values";

/** Rule of the route that carries the predictions: what the traffic policy is attached to. */
export const INFER_RULE = "infer";

/** Header with the verified caller (`sub` of its token): written by the gateway alone. */
export const CLIENT_HEADER = "x-proviso-client";

/** Port of the Service that KServe makes for a revision. */
export const SERVICE_PORT = 80;

/** The Service that KServe makes for a revision (Standard mode). */
export const serviceOf = ({ identity }: ManifestRevision): string => `${identity.revision}-predictor`;

/** Milliseconds as a Gateway API duration (GEP-2257: whole units, five digits), rounded up. */
export function durationOf(ms: number): string {
  const whole = Math.max(1, Math.ceil(ms));
  return whole <= 99_999 ? `${whole}ms` : `${Math.ceil(whole / 1000)}s`;
}

/** Milliseconds until a request must be answered; null: the contract states no deadline. */
export function deadlineOf({ spec }: ManifestRevision): number | null {
  const value = leafAt(spec, "limits.deadlineMs")?.value;
  return typeof value === "number" ? value : null;
}

/** The promised rates, each with the clause that promises it. Usually one. */
export function ceilingsOf({ spec }: ManifestRevision): { readonly perSecond: number; readonly clause: string }[] {
  return spec.leaves.flatMap(({ path, value, clause }) =>
    path === "limits.ceiling.requestsPerSecond" && typeof value === "number" ? [{ perSecond: value, clause }] : [],
  );
}

/** What carries the requests of an endpoint, read once for all its objects. */
export type Traffic = ManifestInput & {
  readonly gateway: { readonly name: string; readonly namespace: string };
  readonly serving: ManifestRevision;
  readonly failure: FailureMode | null;
  /** The revision that is asked when the model cannot answer; null: none is, see `wantsPrevious`. */
  readonly previous: ManifestRevision | null;
};

/** Whether the contract asks for the previous revision when the model cannot answer. */
export const wantsPrevious = (failure: FailureMode | null): boolean =>
  failure !== null && [failure.onError, failure.onTimeout, failure.onOverload].includes("previous_revision");

/** Null: nothing serves. The previous revision stands in while no other is on its way: Envoy has either weights or a fallback. */
export function trafficOf(input: ManifestInput, gateway: Traffic["gateway"]): Traffic | null {
  const serving = input.revisions.find(({ role }) => role === "serving");
  if (!serving) return null;
  const failure = failureModeOf(serving.spec);
  const of = (role: ManifestRevision["role"]) => input.revisions.find((each) => each.role === role);
  const isAsked = wantsPrevious(failure) && input.cluster.backends === true && of("canary") === undefined;
  const previous = isAsked && serving.percent === 100 ? (of("warm") ?? null) : null;
  return { ...input, gateway, serving, failure, previous };
}

/** The route that a policy belongs to: all of it, or the rule with the predictions. */
export function routeRef({ endpoint }: Pick<ManifestInput, "endpoint">, clause: string, rule?: string): Part {
  const say = (value: string) => new Stated(value, clause);
  return [
    {
      group: say("gateway.networking.k8s.io"),
      kind: say("HTTPRoute"),
      name: say(endpoint),
      sectionName: rule === undefined ? undefined : say(rule),
    },
  ];
}
