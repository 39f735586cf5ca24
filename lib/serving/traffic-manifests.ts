import { routeManifests } from "@/lib/serving/http-route";
import type { Manifest } from "@/lib/serving/manifest";
import type { Compiled, ManifestInput } from "@/lib/serving/manifest-input";
import { meshManifests } from "@/lib/serving/mesh-manifests";
import { budgetAdvice, prometheusRule } from "@/lib/serving/prometheus-rule";
import { scaling } from "@/lib/serving/scaled-object";
import { securityPolicy } from "@/lib/serving/security-policy";
import { scalingAdvice, scalingLimits, trafficAdvice, trafficLimits, wayInLimits } from "@/lib/serving/traffic-limits";
import { type Traffic, trafficOf } from "@/lib/serving/traffic-parts";
import { trafficPolicy } from "@/lib/serving/traffic-policy";

/**
 * The objects that lead requests to the revisions of an endpoint, and decide how many replicas answer them. Policies come before the
 * route that they belong to, so that it is never open without them. A cluster that cannot check tokens gets no route at all.
 */
export function trafficManifests(input: ManifestInput): Compiled {
  const { revisions, cluster } = input;
  const replicas = revisions.map((each) => scaling(input, each));
  const serving = revisions.find(({ role }) => role === "serving");
  const limits = [...wayInLimits(input), ...(serving ? scalingLimits(input, serving) : [])];
  const { gateway, gatewayApi, envoyGateway } = cluster;
  const traffic = gateway && gatewayApi && envoyGateway ? trafficOf(input, gateway) : null;
  if (!traffic) return { manifests: [...replicas, ...meshManifests(input)], cannot: limits, advice: [] };
  return {
    manifests: [...replicas, ...meshManifests(input), ...wayIn(traffic)],
    cannot: [...limits, ...trafficLimits(traffic)],
    advice: [...trafficAdvice(traffic), ...(serving ? scalingAdvice(input, serving) : []), ...budgetAdvice(traffic)],
  };
}

function wayIn(traffic: Traffic): Manifest[] {
  const rule = prometheusRule(traffic);
  return [securityPolicy(traffic), trafficPolicy(traffic), ...routeManifests(traffic), ...(rule ? [rule] : [])];
}
