import { formatNumber } from "@/lib/format";
import type { ManifestInput, ManifestRevision } from "@/lib/serving/manifest-input";
import { scalesOnLoad } from "@/lib/serving/scaled-object";
import type { Cannot } from "@/lib/serving/schema";
import { placementOf } from "@/lib/serving/spec-placement";
import { numberAt, textAt } from "@/lib/serving/spec-values";
import { CLIENT_HEADER, ceilingsOf, deadlineOf, type Traffic, wantsPrevious } from "@/lib/serving/traffic-parts";
import { limitOf } from "@/lib/serving/traffic-policy";

/** Why no request reaches a model there. Empty: the way in can be made. */
export function wayInLimits({ cluster }: ManifestInput): Cannot[] {
  const say = (reason: string, fix: string) => [{ clause: "serving", reason, fix }];
  if (!cluster.gatewayApi || !cluster.envoyGateway) {
    const missing = cluster.gatewayApi ? "Envoy Gateway" : "the Gateway API";
    const reason = `${missing} is not there: nothing checks tokens, keeps the limits or sends requests to a revision`;
    return say(reason, "install Envoy Gateway with its custom resources, and look at the cluster again");
  }
  return cluster.gateway
    ? []
    : say("no gateway is chosen: requests have no way in", "choose the gateway of the cluster in its settings");
}

/** What the cluster lacks for the promises of the serving revision, beside a way in. */
export function trafficLimits({ cluster, failure, serving }: Traffic): Cannot[] {
  const found: Cannot[] = [];
  if (wantsPrevious(failure) && cluster.backends !== true) {
    found.push({
      clause: "failureMode",
      reason: "the gateway is not known to take Backend objects, so the previous revision cannot stand in",
      fix: "set extensionApis.enableBackend in Envoy Gateway, or let the fixed response stand in",
    });
  }
  return [...found, ...slowLimit({ failure, serving })];
}

/** What is slow is seen by the deadline alone. */
function slowLimit({ failure, serving }: Pick<Traffic, "failure" | "serving">): Cannot[] {
  const slowMs = failure?.breaker?.slowMs;
  if (slowMs === undefined || deadlineOf(serving) !== null) return [];
  const reason = `the gateway opens for failures and missed deadlines, not for answers slower than ${formatNumber(slowMs)} ms`;
  return [{ clause: "failureMode", reason, fix: "set serving.deadlineMs, so that what is slow fails" }];
}

/** Where replicas do not follow the load at all, though the contract says how far. */
export function scalingLimits(input: ManifestInput, revision: ManifestRevision): Cannot[] {
  const { min, max } = placementOf(revision.spec).replicas;
  return isOnProcessor(revision)
    ? []
    : followsNothing(input, revision, `it stays at ${min} of ${min} to ${max} replicas`);
}

/** A processor that is busy is a sign of load, if not the queue itself. */
export function scalingAdvice(input: ManifestInput, revision: ManifestRevision): Cannot[] {
  return isOnProcessor(revision) ? followsNothing(input, revision, "replicas follow the processor, not the queue") : [];
}

const isOnProcessor = ({ spec }: ManifestRevision) => textAt(spec, "placement.tier") === "cpu";

function followsNothing({ cluster }: ManifestInput, { spec }: ManifestRevision, instead: string): Cannot[] {
  const { min, max } = placementOf(spec).replicas;
  if (scalesOnLoad(cluster) || min === max) return [];
  const missing = cluster.keda ? "no address of Prometheus is set" : "KEDA is not there";
  const fix = cluster.keda
    ? "set the address of Prometheus in the settings of the cluster"
    : "install KEDA, and look at the cluster again";
  return [{ clause: "serving", reason: `${missing}: ${instead}`, fix }];
}

/** What works, but not to the letter, or rests on something that cannot be seen from here. */
export function trafficAdvice(traffic: Traffic): Cannot[] {
  return [
    COLLECT_ADVICE,
    headerAdvice(traffic),
    meshAdvice(traffic),
    ...limitAdvice(traffic),
    ...slowAdvice(traffic),
    ...rowsAdvice(traffic),
  ];
}

const COLLECT_ADVICE: Cannot = {
  clause: "cluster",
  reason: "requests are not collected from a cluster yet: clauses that are measured from them stay Unproven",
  fix: "rely on the alerts of its PrometheusRule, which count at the gateway",
};

function headerAdvice({ gateway }: Traffic): Cannot {
  return {
    clause: "cluster",
    reason: `callers are told apart by the header ${CLIENT_HEADER}, which the gateway writes from their tokens`,
    fix: `remove it from incoming requests by a ClientTrafficPolicy of ${gateway.namespace}/${gateway.name} (headers.earlyRequestHeaders)`,
  };
}

function meshAdvice({ cluster, gateway }: Traffic): Cannot {
  return cluster.mesh === null
    ? {
        clause: "cluster",
        reason: "no service mesh is there: requests go from the gateway to the model unencrypted",
        fix: "install Istio or Linkerd if the network of the cluster is not trusted",
      }
    : {
        clause: "cluster",
        reason: "a model takes connections of the mesh only",
        fix: `take the pods of the gateway ${gateway.namespace}/${gateway.name} into ${cluster.mesh === "istio" ? "Istio" : "Linkerd"}`,
      };
}

/** Envoy counts in each of its own pods, and its bucket holds what one second allows. */
function limitAdvice({ serving, failure }: Traffic): Cannot[] {
  const ceilings = ceilingsOf(serving).map(({ clause, perSecond }) => ({
    clause,
    reason: `each pod of the gateway lets ${formatNumber(perSecond)} requests/s through`,
    fix: "run one, or divide the ceiling by their number",
  }));
  const { perClient } = failure ?? {};
  const held = perClient && limitOf(perClient.requestsPerSecond);
  if (!perClient || !held || held.requests === perClient.burst) return ceilings;
  const reason = `a client may send ${held.requests} requests at once, not ${perClient.burst}: the gateway has no burst of its own`;
  return [...ceilings, { clause: "failureMode", reason, fix: "set the burst to what one second allows" }];
}

/** The other half of `slowLimit`. */
function slowAdvice({ serving, failure }: Traffic): Cannot[] {
  const slowMs = failure?.breaker?.slowMs;
  const deadlineMs = deadlineOf(serving);
  if (slowMs === undefined || deadlineMs === null || slowMs >= deadlineMs) return [];
  const reason = `the breaker of the gateway takes for slow what misses the deadline of ${formatNumber(deadlineMs)} ms, not what takes ${formatNumber(slowMs)} ms`;
  return [{ clause: "failureMode", reason, fix: "set the deadline to what is slow" }];
}

function rowsAdvice({ serving, failure }: Traffic): Cannot[] {
  const maxRows = numberAt(serving.spec, "limits.maxRows");
  const isHeld = failure && [failure.onError, failure.onTimeout, failure.onOverload].some((each) => each !== "error");
  if (!isHeld || failure.fallback === null || maxRows === 1) return [];
  const reason = `the fixed response of the gateway has one row, whatever was asked, and a request may have ${maxRows}`;
  return [{ clause: "failureMode", reason, fix: "let callers read its flag, or set serving.maxRows to 1" }];
}
