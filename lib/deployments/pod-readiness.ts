import { type Condition, type ContainerStatus, conditionOf, type Pod, timeOf } from "./live-object";
import {
  bornAt,
  currentPods,
  eventOf,
  failed,
  type Look,
  type Obstacle,
  patient,
  type RevisionFacts,
  sourceOf,
  waiting,
  worst,
} from "./revision-facts";

const MODEL_DIGEST = "proviso.dev/model-digest";

/** Until a cluster that adds nodes by itself has added one. */
const SCHEDULING_SECONDS = 600;
/** Tries of pulling an image, or of mounting a volume, that may still come to something. */
const RETRY_SECONDS = 120;
/** Of one stage of one pod; the Deployment's own deadline comes first where it is shorter. */
const STAGE_SECONDS = 1800;

type PodLook = (pod: Pod, facts: RevisionFacts, now: number) => Obstacle | null;

const ofPods =
  (look: PodLook): Look =>
  (facts, now) =>
    worst(currentPods(facts).map((pod) => look(pod, facts, now)));

export const scheduling = ofPods((pod, facts, now) => {
  const scheduled = conditionOf(pod.status ?? {}, "PodScheduled");
  if (pod.spec?.nodeName || scheduled?.status === "True") return null;
  const message = scheduled?.message ?? eventOf(facts, pod, ["FailedScheduling"])?.message;
  const source = sourceOf(pod, scheduled?.reason ?? "no node");
  const since = timeOf(scheduled?.lastTransitionTime) ?? bornAt(pod);
  if (message === undefined) {
    const fix = "see whether kube-scheduler runs";
    return patient({ reason: "the scheduler has not looked at it yet", fix, source, since }, RETRY_SECONDS, now);
  }
  return patient({ reason: message, fix: schedulingFix(message), source, since }, SCHEDULING_SECONDS, now);
});

function schedulingFix(message: string): string {
  const gpu = /Insufficient (nvidia\.com\/[\w.-]+)/.exec(message)?.[1];
  if (gpu) {
    return `free or add ${gpu}: a node with enough of it, fewer replicas in the contract, or another GPU shape`;
  }
  if (/Insufficient/.test(message)) return "add a node with room for it, or free what others hold";
  if (/taint/.test(message)) return "the only free nodes are kept for others (taints): add one that takes it";
  if (/affinity|selector|topology/.test(message))
    return "no node has the labels that it asks for: see the labels of the nodes";
  return "see the events of the pod";
}

const PULLING = ["ErrImagePull", "ImagePullBackOff", "RegistryUnavailable"];
const NEVER_PULLED = ["InvalidImageName", "ErrImageNeverPull", "ImageInspectError"];
/** What a registry says that it will say again. */
const FINAL = /not found|manifest unknown|unauthorized|denied|forbidden|40[134]|does not exist/i;

export const image = ofPods((pod, facts, now) => {
  const stuck = allContainers(pod).find(({ state }) =>
    [...PULLING, ...NEVER_PULLED].includes(state?.waiting?.reason ?? ""),
  );
  if (!stuck) return null;
  const reason = stuck.state?.waiting?.reason ?? "";
  // The status only says that it is tried again; the event says why it failed.
  const event = eventOf(facts, pod, ["Failed", "InspectFailed", "ErrImageNeverPull"]);
  const said = event?.message ?? stuck.state?.waiting?.message ?? reason;
  const parts = {
    reason: `the image of ${stuck.name} cannot be pulled: ${said}`,
    fix: /unauthorized|denied|forbidden|401|403/i.test(said)
      ? "give the namespace's service account a pull secret for the registry"
      : "correct the image of the cluster (name@sha256:…), and see that its nodes reach the registry",
    source: sourceOf(pod, reason),
    since: startedAt(pod),
  };
  return NEVER_PULLED.includes(reason) || FINAL.test(said) ? failed(parts) : patient(parts, RETRY_SECONDS, now);
});

const CHECKSUM = /sha-?256|digest|checksum|integrity/i;

/** What copies or mounts the model before its server starts. */
export const storage = ofPods((pod, facts, now) => {
  const stuck = initFailure(pod);
  if (stuck) return CHECKSUM.test(stuck.reason) ? null : stuck;
  const [first, ...others] = pod.status?.initContainerStatuses ?? [];
  const running = [first, ...others].find((each) => each?.state?.running && each.started !== true);
  if (running) {
    const since = timeOf(running.state?.running?.startedAt);
    const fix = "see its log: is the storage slow, or does it not answer?";
    const parts = { reason: `${running.name} reads the model`, fix, source: sourceOf(pod, running.name), since };
    return patient(parts, STAGE_SECONDS, now);
  }
  if (allContainers(pod).some(hasBegun)) return null;
  return beforeContainers(pod, facts, now);
});

/** Also one that crashed and waits for its next try, or whose configuration is wrong: that is told by the stage of its own. */
function hasBegun({ state, lastState }: ContainerStatus): boolean {
  const { running, terminated, waiting: held } = state ?? {};
  const isHeld = held?.reason === "CrashLoopBackOff" || (held?.reason?.startsWith("CreateContainer") ?? false);
  return Boolean(running || terminated || lastState?.terminated) || isHeld;
}

function beforeContainers(pod: Pod, facts: RevisionFacts, now: number): Obstacle | null {
  const mount = eventOf(facts, pod, ["FailedMount", "FailedAttachVolume"]);
  const since = startedAt(pod);
  if (mount) {
    const fix = "see that what it mounts exists: the model's volume or image, and the configuration of the revision";
    const parts = { reason: mount.message ?? "a volume cannot be mounted", fix, since };
    return patient({ ...parts, source: sourceOf(pod, mount.reason ?? "FailedMount") }, RETRY_SECONDS, now);
  }
  const event = eventOf(facts, pod, ["FailedCreatePodSandBox"]);
  const parts = { reason: event?.message ?? "its containers are being made", fix: "see the kubelet of its node" };
  return patient({ ...parts, source: sourceOf(pod, event?.reason ?? "ContainerCreating"), since }, STAGE_SECONDS, now);
}

/** The model is the one that was signed for: the reader says that it is not, or the pod was made for another. */
export const digest = ofPods((pod, { modelDigest }) => {
  const made = pod.metadata.annotations?.[MODEL_DIGEST];
  const fix = "store the file of the verified version at its address again, then delete the pod";
  const stuck = initFailure(pod);
  if (stuck) return { ...stuck, fix };
  if (made === undefined || made === modelDigest) return null;
  const reason = `it was made for the model ${made.slice(0, 12)}…, not ${modelDigest.slice(0, 12)}…`;
  return failed({
    reason,
    fix: "its InferenceService was changed by hand: delete it",
    source: sourceOf(pod, MODEL_DIGEST),
    since: null,
  });
});

export const load = ofPods((pod, { service }, now) => {
  if (pod.status?.phase === "Failed") return evicted(pod);
  const ended = mainContainers(pod).find((each) => crashOf(each) !== null);
  if (ended) return crashed(pod, ended);
  const said = service?.status?.modelStatus?.lastFailureInfo;
  const starting = mainContainers(pod).find(({ started, ready }) => started !== true && ready !== true);
  if (!starting) return null;
  const config = starting.state?.waiting;
  if (config?.reason?.startsWith("CreateContainer")) {
    const fix = "see what its configuration names: a ConfigMap, a Secret or a command that is not there";
    return failed({
      reason: config.message ?? config.reason,
      fix,
      source: sourceOf(pod, config.reason),
      since: startedAt(pod),
    });
  }
  const since = timeOf(starting.state?.running?.startedAt) ?? startedAt(pod);
  const why = said?.message ? `: ${said.message}` : "";
  const fix = "see the log of its container";
  return patient(
    { reason: `its server loads the model${why}`, fix, source: sourceOf(pod, starting.name), since },
    STAGE_SECONDS,
    now,
  );
});

export const warmUp: Look = (facts, now) => {
  const pods = currentPods(facts);
  const unready = pods.find((pod) => conditionOf(pod.status ?? {}, "Ready")?.status !== "True");
  if (unready) return notReady(unready, facts, now);
  const { deployment } = facts;
  const wanted = deployment?.spec?.replicas ?? 1;
  const { observedGeneration = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment?.status ?? {};
  const isCurrent = deployment !== null && observedGeneration >= (deployment.metadata.generation ?? 0);
  if (deployment && isCurrent && updatedReplicas >= wanted && availableReplicas >= wanted) return null;
  const reason = `${availableReplicas} of ${wanted} replicas answer`;
  const source = deployment ? sourceOf(deployment, "availableReplicas") : `Deployment of ${facts.revision}: not found`;
  return waiting({ reason, fix: null, source, since: null });
};

function notReady(pod: Pod, facts: RevisionFacts, now: number): Obstacle {
  const probe = eventOf(facts, pod, ["Unhealthy"]);
  const ready: Condition | undefined = conditionOf(pod.status ?? {}, "Ready");
  const since = timeOf(ready?.lastTransitionTime) ?? startedAt(pod);
  const reason = `it is not ready: ${probe?.message ?? "its model warms up"}`;
  const fix = "see the log of its container: does the model answer its own warm-up?";
  return patient({ reason, fix, source: sourceOf(pod, probe?.reason ?? "Ready False"), since }, STAGE_SECONDS, now);
}

const mainContainers = ({ status }: Pod) => status?.containerStatuses ?? [];
const allContainers = (pod: Pod) => [...(pod.status?.initContainerStatuses ?? []), ...mainContainers(pod)];
const startedAt = (pod: Pod) =>
  timeOf(conditionOf(pod.status ?? {}, "PodScheduled")?.lastTransitionTime) ?? bornAt(pod);

/** How a container ended that should go on, or that ended badly. */
function crashOf({ state, lastState }: ContainerStatus) {
  const ended =
    state?.terminated ?? (state?.waiting?.reason === "CrashLoopBackOff" ? lastState?.terminated : undefined);
  if (ended) return ended;
  return state?.waiting?.reason === "CrashLoopBackOff" ? { reason: "CrashLoopBackOff" } : null;
}

function initFailure(pod: Pod): Obstacle | null {
  const found = (pod.status?.initContainerStatuses ?? []).find((each) => {
    const ended = crashOf(each);
    return ended !== null && (ended.exitCode ?? 1) !== 0;
  });
  const ended = found && crashOf(found);
  if (!found || !ended) return null;
  return failed({
    reason: `${found.name} cannot read the model: ${ended.message?.trim() || endOf(ended)}`,
    fix: "see that the model's file is at its address in the cluster's storage, and that its account may read it",
    source: sourceOf(pod, `${found.name} ${ended.reason ?? "ended"}`),
    since: timeOf(ended.finishedAt),
  });
}

type Ended = NonNullable<ReturnType<typeof crashOf>>;
const endOf = ({ reason = "Error", exitCode }: Ended) =>
  exitCode === undefined ? reason : `${reason}, exit code ${exitCode}`;

function crashed(pod: Pod, container: ContainerStatus): Obstacle {
  const ended = crashOf(container) ?? {};
  const isMemory = ended.reason === "OOMKilled";
  const said = ended.message?.trim() || endOf(ended);
  return failed({
    reason: isMemory ? `${container.name} ran out of memory (OOMKilled)` : `${container.name} ended: ${said}`,
    fix: isMemory
      ? "the model needs more memory than the tier gives: choose another tier or a smaller variant"
      : "see the log of its container: the model does not load in this server",
    source: sourceOf(pod, `${container.name} ${ended.reason ?? "ended"}`),
    since: timeOf(ended.finishedAt),
  });
}

function evicted(pod: Pod): Obstacle {
  const { reason = "Failed", message } = pod.status ?? {};
  const fix = "its node was short of something: another pod takes its place";
  return failed({ reason: message ?? `the pod failed: ${reason}`, fix, source: sourceOf(pod, reason), since: null });
}
