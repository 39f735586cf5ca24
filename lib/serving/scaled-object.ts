import { by, type Json, type Manifest, type Part, Stated } from "@/lib/serving/manifest";
import type { ManifestInput, ManifestRevision } from "@/lib/serving/manifest-input";
import { revisionMetadata } from "@/lib/serving/manifest-metadata";
import { failureModeOf } from "@/lib/serving/spec-failure";
import { placementOf } from "@/lib/serving/spec-placement";
import { textAt } from "@/lib/serving/spec-values";
import { ceilingsOf, serviceOf } from "@/lib/serving/traffic-parts";

/** Requests that wait for a pod without batches before another pod is worth its start. */
const USUAL_QUEUE = 4;
/** Share of its processors that a replica may use before another is started, in per cent: room for the start of it. */
const CPU_PERCENT = 60;

/**
 * How many replicas a revision has: by what waits for the model and by the promised rate, through KEDA; without it a
 * HorizontalPodAutoscaler, which sees the processor alone, so that a GPU revision stays at its smallest number. Never none: the first
 * request would wait for a pod, and the queue that would start one is gone with the last pod.
 */
export function scaling(input: ManifestInput, revision: ManifestRevision): Manifest {
  const { keda, prometheusUrl } = input.cluster;
  return keda && prometheusUrl !== null ? scaledObject(input, revision, prometheusUrl) : podAutoscaler(input, revision);
}

/** Whether replicas follow the load of the model, and not only that of the processor. */
export const scalesOnLoad = ({ keda, prometheusUrl }: ManifestInput["cluster"]): boolean =>
  keda && prometheusUrl !== null;

const serving = (value: Json): Part => by("serving", value);

function metadataOf({ endpoint, namespace }: ManifestInput, { identity }: ManifestRevision): Part {
  return revisionMetadata({ endpoint, namespace, identity }, "serving");
}

function scaledObject(input: ManifestInput, revision: ManifestRevision, prometheusUrl: string): Manifest {
  const { min, max } = placementOf(revision.spec).replicas;
  return {
    apiVersion: serving("keda.sh/v1alpha1"),
    kind: serving("ScaledObject"),
    metadata: metadataOf(input, revision),
    spec: {
      scaleTargetRef: serving({ name: serviceOf(revision) }),
      pollingInterval: serving(15),
      minReplicaCount: serving(min),
      maxReplicaCount: serving(max),
      // Without figures nobody knows the load: the middle at least, and nothing that runs is stopped.
      fallback: serving({
        failureThreshold: 4,
        replicas: Math.ceil((min + max) / 2),
        behavior: "currentReplicasIfHigher",
      }),
      advanced: { horizontalPodAutoscalerConfig: { behavior: serving(BEHAVIOUR) } },
      triggers: [queueTrigger(input, revision, prometheusUrl), ...rateTriggers(input, revision, prometheusUrl)],
    },
  };
}

/** Up at once, doubling; down by one pod in two minutes, and only after five of less load. */
const BEHAVIOUR = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 2, periodSeconds: 30 },
      { type: "Percent", value: 100, periodSeconds: 60 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    policies: [{ type: "Pods", value: 1, periodSeconds: 120 }],
  },
};

/** Pods of a revision in the metrics that Triton gives. */
const podsOf = ({ namespace }: ManifestInput, revision: ManifestRevision) =>
  `namespace="${namespace}",pod=~"${serviceOf(revision)}-.*"`;

/** A whole batch that waits is a run of the model that everyone behind it waits for; at most half of the queue, which then still has room. */
function queueTrigger(input: ManifestInput, revision: ManifestRevision, prometheusUrl: string): Part {
  const failure = failureModeOf(revision.spec);
  const batch = failure?.batching?.maxRows ?? USUAL_QUEUE;
  const waiting = failure ? Math.max(1, Math.min(batch, Math.floor(failure.queueRows / 2))) : batch;
  const query = `sum(nv_inference_pending_request_count{${podsOf(input, revision)}})`;
  const threshold = new Stated(`${waiting}`, failure ? "failureMode" : "serving");
  return trigger("queue", { prometheusUrl, query, threshold, clause: "serving" });
}

/** At the promised rate all replicas run: the share of each is what it is started for. */
function rateTriggers(input: ManifestInput, revision: ManifestRevision, prometheusUrl: string): Part[] {
  const { max } = placementOf(revision.spec).replicas;
  const names = `__name__=~"nv_inference_request_(success|failure)"`;
  const query = `sum(rate({${names},${podsOf(input, revision)}}[1m]))`;
  return ceilingsOf(revision).map(({ perSecond, clause }) => {
    const threshold = new Stated(`${Number((perSecond / max).toPrecision(6))}`, clause);
    return trigger(`rate-${clause.replaceAll("_", "-")}`, { prometheusUrl, query, threshold, clause });
  });
}

type Trigger = {
  readonly prometheusUrl: string;
  readonly query: string;
  readonly threshold: Stated;
  readonly clause: string;
};

/** A missing metric is an error, which leads to the fallback; KEDA would take it for zero load. */
function trigger(name: string, { prometheusUrl, query, threshold, clause }: Trigger): Part {
  const say = (value: string) => new Stated(value, clause);
  return {
    type: say("prometheus"),
    name: say(name),
    metricType: say("AverageValue"),
    metadata: {
      serverAddress: say(prometheusUrl),
      query: say(query),
      threshold,
      ignoreNullValues: say("false"),
    },
  };
}

function podAutoscaler(input: ManifestInput, revision: ManifestRevision): Manifest {
  const { min, max } = placementOf(revision.spec).replicas;
  const isCpu = textAt(revision.spec, "placement.tier") === "cpu";
  return {
    apiVersion: serving("autoscaling/v2"),
    kind: serving("HorizontalPodAutoscaler"),
    metadata: metadataOf(input, revision),
    spec: {
      scaleTargetRef: serving({ apiVersion: "apps/v1", kind: "Deployment", name: serviceOf(revision) }),
      minReplicas: serving(min),
      maxReplicas: serving(isCpu ? max : min),
      metrics: [
        serving({
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_PERCENT } },
        }),
      ],
      behavior: serving(BEHAVIOUR),
    },
  };
}
