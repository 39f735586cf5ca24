import { burnAlerts, objectiveOf, tidy } from "@/lib/serving/burn-alerts";
import { boundSelector, burnGroup, type Group } from "@/lib/serving/burn-rules";
import { by, type Manifest, type Part, Stated } from "@/lib/serving/manifest";
import { endpointMetadata } from "@/lib/serving/manifest-metadata";
import type { Cannot } from "@/lib/serving/schema";
import { numberAt, rulesOf } from "@/lib/serving/spec-values";
import type { Traffic } from "@/lib/serving/traffic-parts";

/** Upper bounds of Envoy's histograms in milliseconds: there is nothing between them. */
const ENVOY_BOUNDS_MS = [
  ...[0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000],
  ...[300_000, 600_000, 1_800_000, 3_600_000],
];

type Promised = { readonly id: string; readonly metric: "success_ratio" | "p95" | "p99"; readonly target: number };

const promisesOf = ({ serving }: Traffic): Promised[] =>
  (["success_ratio", "p95", "p99"] as const)
    .flatMap((metric) => rulesOf(serving.spec, metric).map(({ id, target }) => ({ id, metric, target })))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const isCounted = ({ metric, target }: Promised) => metric === "success_ratio" || ENVOY_BOUNDS_MS.includes(target);

/**
 * The error budgets and burn alerts of an endpoint over the figures of its gateway, and an alert for when no pod of it answers. Null where
 * the cluster has no Prometheus operator. A request is counted once, with the answer after its second try; one that the gateway refused
 * (401, 403, 429) is not.
 */
export function prometheusRule(traffic: Traffic): Manifest | null {
  if (!traffic.cluster.prometheusOperator) return null;
  const groups: Part[] = promisesOf(traffic)
    .filter(isCounted)
    .map((promise) => by(promise.id, budgetGroup(traffic, promise)));
  return {
    apiVersion: new Stated("monitoring.coreos.com/v1", "serving"),
    kind: new Stated("PrometheusRule", "serving"),
    metadata: endpointMetadata(traffic, "serving"),
    spec: { groups: [...groups, by("serving", downGroup(traffic))] },
  };
}

/** Promises whose budgets nobody can count there, with what would help; nothing where there is no Prometheus operator. */
export function budgetAdvice(traffic: Traffic): Cannot[] {
  if (!traffic.cluster.prometheusOperator) return [];
  return promisesOf(traffic)
    .filter((promise) => !isCounted(promise))
    .map(({ id, target }) => ({
      clause: id,
      reason: `Envoy has no bucket that ends at ${target} ms, so no alert of the cluster watches this`,
      fix: "the portal measures it all the same; or promise one of 5, 10, 25, 50, 100, 250 ms",
    }));
}

/** Clusters of Envoy that carry the predictions: one of all revisions, or one for each; copies for a shadow are others. */
const clustersOf = ({ namespace, endpoint }: Traffic) =>
  `envoy_cluster_name=~"httproute/${namespace}/${endpoint}/rule/0(/backend/[0-9]+)?"`;

function budgetGroup(traffic: Traffic, { id, metric, target }: Promised): Group {
  const { endpoint, useCase, serving } = traffic;
  const objective = objectiveOf({ metric, target }) ?? 0;
  return burnGroup({
    ...{ endpoint, clause: id, objective },
    alerts: burnAlerts(objective, numberAt(serving.spec, `rules.${id}.windowSeconds`)),
    counted: metric === "success_ratio" ? answerCounts(traffic) : latencyCounts(traffic, target),
    labels: { use_case: useCase },
    annotations: ({ threshold }) => ({
      summary: `${id} burns its error budget on ${endpoint}`,
      description: `More than ${tidy(Number((threshold * 100).toPrecision(4)))} % of requests ${metric === "success_ratio" ? "fail" : `take the model longer than ${target} ms`}.`,
    }),
  });
}

/** What the previous revision answers is an answer here: the gateway does not tell the two apart. */
function answerCounts(traffic: Traffic) {
  const clusters = clustersOf(traffic);
  const inMinute = (more: string) => `sum(increase(envoy_cluster_upstream_rq_xx{${clusters}${more}}[1m]))`;
  return { total: inMinute(""), bad: `(${inMinute(',envoy_response_code_class="5"')} or vector(0))` };
}

/** From the request's way out of the gateway to the whole answer: without the gateway's own time, some tenths of a millisecond. */
function latencyCounts(traffic: Traffic, target: number) {
  const clusters = clustersOf(traffic);
  const name = "envoy_cluster_upstream_rq_time";
  const all = `sum(increase(${name}_count{${clusters}}[1m]))`;
  return {
    total: all,
    bad: `clamp_min(${all} - sum(increase(${name}_bucket{${clusters},${boundSelector(target)}}[1m])), 0)`,
  };
}

function downGroup(traffic: Traffic): Group {
  const { endpoint, useCase } = traffic;
  const healthy = `envoy_cluster_membership_healthy{${clustersOf(traffic)}}`;
  return {
    name: `proviso/${endpoint}/up`,
    interval: "15s",
    rules: [
      {
        alert: "ProvisoEndpointDown",
        expr: `sum(${healthy}) < 1 or absent(${healthy})`,
        for: "1m",
        labels: { endpoint, severity: "page", use_case: useCase },
        annotations: { summary: `no pod of ${endpoint} answers, or its gateway is not scraped` },
      },
    ],
  };
}
