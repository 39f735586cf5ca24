import { stringify } from "yaml";
import { WRITTEN_KINDS } from "@/lib/deployments/cluster-kinds";

/** A kind of object in a cluster. */
type Access = {
  /** Empty: the core group. */
  readonly group: string;
  /** The plural that rules name. */
  readonly resource: string;
};

/** What a contract is compiled to is written with server-side apply, which needs `create` and `patch`. */
export const WRITTEN: readonly Access[] = WRITTEN_KINDS.map(({ apiVersion, kind }) => ({
  group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "",
  resource: kind.toLowerCase().replace(/y$/, "ie").concat("s"),
}));
export const WRITE_VERBS = ["get", "list", "watch", "create", "patch", "delete"] as const;

/** Why something does not answer yet is read from these, in the namespace. */
export const READ_IN_NAMESPACE: readonly Access[] = [
  { group: "", resource: "pods" },
  { group: "", resource: "events" },
  { group: "", resource: "resourcequotas" },
  { group: "apps", resource: "deployments" },
  { group: "apps", resource: "replicasets" },
];
export const READ_VERBS = ["get", "list", "watch"] as const;

/** What the cluster can do, what of it is free, and what serves there without a contract. */
export const READ_IN_CLUSTER: readonly Access[] = [
  { group: "", resource: "namespaces" },
  { group: "", resource: "nodes" },
  { group: "", resource: "pods" },
  { group: "apps", resource: "deployments" },
  { group: "serving.kserve.io", resource: "inferenceservices" },
  { group: "gateway.networking.k8s.io", resource: "gateways" },
];

const ACCOUNT = "proviso";

/**
 * The least that an account of ours needs in a cluster, as YAML: a service account, a role that writes in `namespace` only, and a role
 * that reads across the cluster. No secret is read, nothing of another namespace written.
 */
export function clusterRoleYaml(namespace: string): string {
  const inNamespace = [...rulesOf(WRITTEN, WRITE_VERBS), ...rulesOf(READ_IN_NAMESPACE, READ_VERBS)];
  const objects = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: ACCOUNT, namespace } },
    { ...rbac("Role"), metadata: { name: ACCOUNT, namespace }, rules: inNamespace },
    { ...rbac("RoleBinding"), metadata: { name: ACCOUNT, namespace }, ...bound("Role", ACCOUNT, namespace) },
    { ...rbac("ClusterRole"), metadata: { name: `${ACCOUNT}-reader` }, rules: rulesOf(READ_IN_CLUSTER, ["list"]) },
    {
      ...rbac("ClusterRoleBinding"),
      metadata: { name: `${ACCOUNT}-reader-${namespace}` },
      ...bound("ClusterRole", `${ACCOUNT}-reader`, namespace),
    },
  ];
  return objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n");
}

/** From applying the role to the kubeconfig that is pasted: for a person with rights to do it. */
export function accountCommands(namespace: string, server: string): string {
  return [
    `kubectl apply -f proviso-role.yaml`,
    `TOKEN=$(kubectl create token ${ACCOUNT} --namespace ${namespace} --duration 8760h)`,
    `CA=$(kubectl get configmap kube-root-ca.crt --namespace ${namespace} -o jsonpath='{.data.ca\\.crt}' | base64 | tr -d '\\n')`,
    `cat <<EOF > proviso.kubeconfig`,
    `{"apiVersion": "v1", "kind": "Config", "current-context": "proviso",`,
    ` "clusters": [{"name": "cluster", "cluster": {"server": "${server}", "certificate-authority-data": "$CA"}}],`,
    ` "users": [{"name": "proviso", "user": {"token": "$TOKEN"}}],`,
    ` "contexts": [{"name": "proviso", "context": {"cluster": "cluster", "user": "proviso"}}]}`,
    `EOF`,
  ].join("\n");
}

const rbac = (kind: string) => ({ apiVersion: "rbac.authorization.k8s.io/v1", kind });

const bound = (kind: string, name: string, namespace: string) => ({
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
  subjects: [{ kind: "ServiceAccount", name: ACCOUNT, namespace }],
});

/** One rule per group, in the order of the table. */
function rulesOf(table: readonly Access[], verbs: readonly string[]) {
  const groups = [...new Set(table.map(({ group }) => group))];
  return groups.map((group) => ({
    apiGroups: [group],
    resources: table.filter((each) => each.group === group).map(({ resource }) => resource),
    verbs: [...verbs],
  }));
}
