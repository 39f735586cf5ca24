import { gpuRequestOf } from "@/lib/serving/gpu-shape";
import type { ManifestInput, ManifestRevision } from "@/lib/serving/manifest-input";
import type { Cannot } from "@/lib/serving/schema";
import { placementOf } from "@/lib/serving/spec-placement";
import { rulesOf, textAt } from "@/lib/serving/spec-values";

/** The first version of KServe that reads a model file to any folder (`storageUris`). */
const KSERVE = { major: 0, minor: 16 } as const;

/** `<name>-predictor` is the name of a Service. */
const LONGEST_NAME = 63 - "-predictor".length;

/** Why this cluster cannot run a revision; empty: it can. */
export function blockers(input: ManifestInput, revision: ManifestRevision): readonly Cannot[] {
  return [
    ...kserveLimits(input),
    ...imageLimits(input),
    ...nameLimits(revision),
    ...tensorLimits(revision),
    ...storageLimits(input, revision),
    ...tierLimits(input, revision),
  ];
}

function kserveLimits({ cluster }: ManifestInput): Cannot[] {
  const fix = `install KServe ${KSERVE.major}.${KSERVE.minor} or later in the cluster, in Standard mode`;
  if (!cluster.kserve) return [{ clause: "serving", reason: "the cluster has no KServe", fix }];
  const [major = 0, minor = 0] = cluster.kserve.version.replace(/^v/, "").split(".").map(Number);
  if (major > KSERVE.major || minor >= KSERVE.minor) return [];
  return [{ clause: "serving", reason: `KServe ${cluster.kserve.version} is too old for this`, fix }];
}

function imageLimits({ cluster }: ManifestInput): Cannot[] {
  if (cluster.images.triton !== null) return [];
  const reason = "no image of Triton Inference Server is named for the cluster";
  return [{ clause: "serving", reason, fix: "name one in the cluster's settings, with its digest: name@sha256:…" }];
}

function nameLimits({ identity }: ManifestRevision): Cannot[] {
  const { revision } = identity;
  const fix = "give the endpoint a shorter name that begins with a letter";
  if (!/^[a-z]/.test(revision)) {
    return [{ clause: "identity", reason: `KServe takes no name that begins with a digit: ${revision}`, fix }];
  }
  if (revision.length <= LONGEST_NAME) return [];
  const reason = `${revision} has ${revision.length} characters; a service in the cluster may have ${LONGEST_NAME} of them`;
  return [{ clause: "identity", reason, fix }];
}

function tensorLimits({ identity: { schema } }: ManifestRevision): Cannot[] {
  return [...schema.inputs, ...schema.outputs].flatMap(({ name, shape }) => {
    if (shape[0] === -1) return [];
    const reason = `${name} is [${shape.join(", ")}]: without a batch as its first dimension Triton joins no requests`;
    return [{ clause: "identity", reason, fix: "export the model with a free first dimension" }];
  });
}

function storageLimits({ storage, cluster }: ManifestInput, { identity }: ManifestRevision): Cannot[] {
  const uri = storage[identity.modelDigest];
  if (uri === undefined) {
    const reason = `the cluster cannot read the model file ${identity.modelDigest}`;
    return [{ clause: "identity", reason, fix: "give the portal an artifact store that the cluster reaches" }];
  }
  if (!uri.startsWith("oci+native://") || cluster.imageVolumes) return [];
  const reason = "the model is an image, and the cluster's pods mount no images";
  return [
    { clause: "identity", reason, fix: "Kubernetes 1.35 or later with containerd 2, or a model file over HTTPS or S3" },
  ];
}

function tierLimits({ cluster }: ManifestInput, { spec }: ManifestRevision): Cannot[] {
  const tier = textAt(spec, "placement.tier");
  if (tier === "cpu") return [];
  if (tier !== "gpu") {
    return [{ clause: "serving", reason: `a cluster does not run the tier ${tier}`, fix: "choose cpu or gpu" }];
  }
  const { gpu } = placementOf(spec);
  if (!gpu) {
    const reason = "the tier gpu needs to know how much of a GPU a replica gets";
    return [{ clause: "serving", reason, fix: "choose a whole GPU or a partition of one, or the tier cpu" }];
  }
  const { resource, count } = gpuRequestOf(gpu);
  const has = cluster.gpuResources.some(({ name, allocatable }) => name === resource && allocatable >= count);
  if (has) return [];
  const others = cluster.gpuResources.map(({ name }) => name);
  const instead = others.length > 0 ? `, or take what it has: ${[...new Set(others)].sort().join(", ")}` : "";
  const reason = `no node of the cluster has ${count} ${resource}`;
  return [{ clause: "serving", reason, fix: `add a node that has it${instead}` }];
}

/** What runs all the same, but is no way to keep a promise. */
export function servingAdvice({ spec }: ManifestRevision): readonly Cannot[] {
  if (placementOf(spec).replicas.min > 1) return [];
  return rulesOf(spec, "success_ratio").map(({ id }) => ({
    clause: id,
    reason: "with one replica every restart is an outage, and no node that it is on can be drained",
    fix: "ask for two replicas at least in the placement",
  }));
}
