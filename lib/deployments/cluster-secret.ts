/** What the kubeconfigs of clusters are encrypted for. */
export const CLUSTER_SECRETS = "cluster access";
