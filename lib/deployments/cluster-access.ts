import type { ClusterAccess } from "@/lib/deployments/cluster-view";
import { readKubeconfig } from "@/lib/deployments/kubeconfig";
import { AppError } from "@/lib/errors";

/** What is stored of how a cluster is reached. Both null: as the worker's own service account. */
export type StoredAccess = { readonly server: string | null; readonly kept: string | null };

/** Throws `invalid` where the kubeconfig is missing, not wanted, or cannot be used from here. */
export function accessOf(access: ClusterAccess, kubeconfig: string | undefined): StoredAccess {
  const given = kubeconfig ?? "";
  if (access === "in_cluster") {
    if (given !== "") throw refused("inside the cluster the worker's own service account is used: leave it empty");
    return { server: null, kept: null };
  }
  if (given === "") throw refused("paste the kubeconfig of a service account");
  const read = readKubeconfig(given);
  if (!read.ok) throw refused(read.problem);
  return { server: read.server, kept: read.kept };
}

const refused = (problem: string) =>
  new AppError("invalid", `The kubeconfig cannot be used. ${problem}.`, { kubeconfig: [problem] });
