import { z } from "zod";
import { clusterConfig, clusterLabel } from "@/lib/deployments/cluster-config";
import { unmanagedWorkloads } from "@/lib/deployments/unmanaged-workload";
import { pageInput, pageOf } from "@/lib/page";
import { clusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { cannot } from "@/lib/serving/schema";
import { exactText, text } from "@/lib/text";

const time = z.iso.datetime();

/** `kubeconfig`: from outside, with its own credentials. `in_cluster`: the service account of the worker's pod. */
export const clusterAccess = z.enum(["kubeconfig", "in_cluster"]);
export type ClusterAccess = z.output<typeof clusterAccess>;

/** `unchecked`: nobody has looked yet. `problem`: the last look failed; what was found before may be old. */
export const clusterState = z.enum(["unchecked", "ready", "problem"]);

const kubeconfig = text({ max: 100_000 });

export const createClusterInput = z.object({
  name: clusterLabel,
  /** Where everything of ours goes; it has to be there. */
  namespace: clusterLabel,
  access: clusterAccess,
  /** YAML or JSON; with access kubeconfig only. Encrypted, never shown again. */
  kubeconfig: kubeconfig.optional(),
  config: clusterConfig.partial().default({}),
});

export const clusterKey = z.object({ name: exactText({ max: 63 }) });

export const updateClusterInput = clusterKey.extend({
  /** Only while no endpoint serves there. */
  namespace: clusterLabel.optional(),
  access: clusterAccess.optional(),
  kubeconfig: kubeconfig.optional(),
  /** What is not named stays. */
  config: clusterConfig.partial().optional(),
});
export type UpdateClusterInput = z.output<typeof updateClusterInput>;

export const removeClusterInput = clusterKey.extend({
  /** The cluster's name, typed. */
  confirm: text({ min: 1, max: 63, missing: "type the name of the cluster" }),
});

export const listClustersInput = pageInput;

export const clusterSummary = z.object({
  name: z.string(),
  namespace: z.string(),
  state: clusterState,
  /** Why it could not be looked at, with what would help; null: it could, or nobody has tried. */
  problem: z.string().nullable(),
  /** Version of its API server; null: never seen. */
  version: z.string().nullable(),
  endpoints: z.number().int(),
  /** What serves there without a contract; null: not looked for yet. */
  unmanaged: z.number().int().nullable(),
  /** When its capabilities were last found. */
  capabilitiesAt: time.nullable(),
});
export type ClusterSummary = z.output<typeof clusterSummary>;
export const clusterPage = pageOf(clusterSummary);

export const clusterDetail = clusterSummary.extend({
  access: clusterAccess,
  /** Address of its API server; null: the worker runs inside. */
  server: z.string().nullable(),
  config: clusterConfig,
  capabilities: clusterCapabilities.nullable(),
  workloads: unmanagedWorkloads.nullable(),
  /** Names of the endpoints that serve there, the first hundred. */
  endpointNames: z.array(z.string()),
  checkedAt: time.nullable(),
  /** When it is looked at next. */
  nextCheckAt: time,
  createdBy: z.string(),
  createdAt: time,
});
export type ClusterDetail = z.output<typeof clusterDetail>;
export const removedCluster = z.object({ name: z.string() });

/** One object that a contract is compiled to; every line of its YAML has its clause as a comment. */
export const plannedObject = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().nullable(),
  yaml: z.string(),
});
export type PlannedObject = z.output<typeof plannedObject>;

/** What an endpoint is in its cluster. */
export const manifestPlan = z.object({
  endpoint: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  generation: z.number().int(),
  /** In the order in which they are applied. */
  objects: z.array(plannedObject),
  /** What the cluster lacks: the objects that need it are left out. */
  cannot: z.array(cannot),
  /** What serves all the same, but not to the letter of the contract. */
  advice: z.array(cannot),
});
export type ManifestPlan = z.output<typeof manifestPlan>;
