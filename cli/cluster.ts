import { readFile } from "node:fs/promises";
import { clusterRoleYaml } from "@/lib/deployments/cluster-role";
import type { ClusterDetail, ClusterSummary } from "@/lib/deployments/cluster-view";
import { argument, type Call, type Command, option } from "./command";
import { UsageError } from "./failures";
import { PAGING, page } from "./paging";
import { facts, more, table, utc } from "./table";

type Page = { readonly items: readonly ClusterSummary[]; readonly nextCursor: string | null };

async function list(call: Call): Promise<void> {
  const clusters = await (await call.api()).get<Page>("/api/v1/clusters", page(call));
  const rows = table(
    clusters.items,
    [
      { head: "CLUSTER", cell: (each) => each.name },
      { head: "NAMESPACE", cell: (each) => each.namespace },
      { head: "STATE", cell: (each) => each.state },
      { head: "VERSION", cell: (each) => each.version },
      { head: "ENDPOINTS", cell: (each) => `${each.endpoints}` },
      { head: "SEEN", cell: (each) => utc(each.capabilitiesAt) },
      { head: "PROBLEM", cell: (each) => each.problem },
    ],
    "No cluster yet: proviso cluster add registers the first.",
  );
  call.print(clusters, rows + more(clusters));
}

async function add(call: Call): Promise<void> {
  const file = option(call, "kubeconfig");
  const cluster = await (await call.api()).send<ClusterDetail>("POST", "/api/v1/clusters", {
    name: call.args[0],
    namespace: option(call, "namespace", "where everything of ours goes"),
    access: file === undefined ? "in_cluster" : "kubeconfig",
    ...(file !== undefined && { kubeconfig: await readText(file) }),
  });
  show(call, cluster);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function check(call: Call): Promise<void> {
  show(call, await (await call.api()).send<ClusterDetail>("POST", `/api/v1/clusters/${argument(call, 0)}/check`, {}));
}

async function get(call: Call): Promise<void> {
  show(call, await (await call.api()).get<ClusterDetail>(`/api/v1/clusters/${argument(call, 0)}`));
}

function show(call: Call, cluster: ClusterDetail): void {
  const { capabilities } = cluster;
  const gpus = capabilities?.gpuResources.map(({ name, free, allocatable }) => `${free} of ${allocatable} ${name}`);
  call.print(
    cluster,
    facts([
      ["cluster", cluster.name],
      ["namespace", cluster.namespace],
      ["API server", cluster.server ?? "the worker's own"],
      ["state", cluster.state],
      ["problem", cluster.problem],
      ["version", cluster.version],
      ["KServe", capabilities?.kserve?.version],
      ["free GPUs", gpus && (gpus.join(", ") || "none")],
      ["endpoints", cluster.endpointNames.join(", ")],
      ["without a contract", cluster.unmanaged === null ? null : `${cluster.unmanaged}`],
      ["seen", utc(cluster.capabilitiesAt) ?? "not yet"],
    ]),
  );
}

/** Asks no server: the role is there before the cluster is registered. */
async function role(call: Call): Promise<void> {
  const namespace = option(call, "namespace", "where everything of ours goes");
  const yaml = clusterRoleYaml(namespace);
  call.print({ namespace, yaml }, yaml);
}

const TEXT = { type: "string" } as const;

export const CLUSTER: readonly Command[] = [
  { name: "cluster list", options: PAGING, usage: "[--limit N] [--cursor C]", summary: "Clusters.", run: list },
  { name: "cluster get", args: ["NAME"], summary: "One cluster, with what was found there.", run: get },
  {
    name: "cluster add",
    args: ["NAME"],
    options: { namespace: TEXT, kubeconfig: TEXT },
    usage: "--namespace NAME [--kubeconfig FILE]",
    summary: "Registers a cluster; without a kubeconfig the one that the worker runs in.",
    run: add,
  },
  { name: "cluster check", args: ["NAME"], summary: "Has the worker look at a cluster now.", run: check },
  {
    name: "cluster role",
    options: { namespace: TEXT },
    usage: "--namespace NAME",
    summary: "The least role for the account of Proviso, as YAML.",
    run: role,
  },
];
