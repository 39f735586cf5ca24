import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { capabilitiesOf, NO_CONFIG } from "./cluster-config";
import { type ClusterFacts, capabilitiesFrom, problemOf } from "./cluster-facts";
import { missingRights, type RightsRule } from "./cluster-rights";
import { clusterRoleYaml } from "./cluster-role";

const EVERYTHING: RightsRule = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
const GROUPS = ["apps", "policy", "networking.k8s.io", "serving.kserve.io", "gateway.networking.k8s.io"];

const CONTROLLER = {
  kind: "Deployment",
  metadata: { name: "kserve-controller-manager" },
  spec: {
    template: {
      spec: { containers: [{ image: "proxy:1" }, { image: "docker.io/kserve/kserve-controller:v0.20.0@sha256:abc" }] },
    },
  },
};

const facts = (change: Partial<ClusterFacts> = {}): ClusterFacts => ({
  version: "v1.36.3",
  groups: new Set(GROUPS),
  rights: [EVERYTHING],
  namespaces: [{ metadata: { name: "risk" } }],
  nodes: [],
  pods: [],
  deployments: [CONTROLLER],
  inferenceServices: [],
  gateways: [],
  ...change,
});

const node = (name: string, allocatable: object, rest: { product?: string; unschedulable?: boolean } = {}) => ({
  metadata: { name, labels: rest.product === undefined ? {} : { "nvidia.com/gpu.product": rest.product } },
  spec: { unschedulable: rest.unschedulable ?? false },
  status: { allocatable: allocatable as Record<string, string> },
});
const pod = (nodeName: string, limits: object, phase = "Running") => ({
  spec: { nodeName, containers: [{ resources: { limits: limits as Record<string, string> } }] },
  status: { phase },
});

const gpusOf = (change: Partial<ClusterFacts>) => capabilitiesFrom(facts(change), NO_CONFIG).gpuResources;

test("what a group of the API is there for is found by it, and nothing else", () => {
  const found = capabilitiesFrom(facts(), NO_CONFIG);
  expect(found).toMatchObject({ kserve: { version: "v0.20.0" }, gatewayApi: true, envoyGateway: false, keda: false });
  const all = facts({ groups: new Set(["keda.sh", "monitoring.coreos.com", "security.istio.io"]) });
  expect(capabilitiesFrom(all, NO_CONFIG)).toMatchObject({
    kserve: null,
    keda: true,
    prometheusOperator: true,
    mesh: "istio",
  });
});

test("the version of KServe is that of its controller's image, or what a person says", () => {
  const without = facts({ deployments: [] });
  expect(capabilitiesFrom(without, NO_CONFIG).kserve).toEqual({ version: "unknown" });
  expect(problemOf(without, "risk", NO_CONFIG)).toContain("version of KServe");
  const said = { ...NO_CONFIG, kserveVersion: "v0.19.0" };
  expect(problemOf(without, "risk", said)).toBeNull();
  expect(capabilitiesOf(said, capabilitiesFrom(without, said))?.kserve).toEqual({ version: "v0.19.0" });
});

test.each([
  ["v1.34.9", false],
  ["v1.35.0-rc.1", true],
  ["v2.0.0", true],
  ["unknown", false],
])("image volumes on Kubernetes %s: %s", (version, expected) => {
  expect(capabilitiesFrom(facts({ version }), NO_CONFIG).imageVolumes).toBe(expected);
});

test("free is what no running pod has asked for, per kind and product", () => {
  const nodes = [
    node("a", { cpu: "8", "nvidia.com/gpu": "8" }, { product: "H100" }),
    node("b", { "nvidia.com/gpu": "2" }, { product: "H100", unschedulable: true }),
    node("c", { "nvidia.com/mig-1g.10gb": "7", "nvidia.com/gpu": "0" }),
  ];
  const pods = [
    pod("a", { "nvidia.com/gpu": "3" }),
    pod("a", { "nvidia.com/gpu": "1" }, "Succeeded"),
    pod("c", { "nvidia.com/mig-1g.10gb": "2" }),
  ];
  expect(gpusOf({ nodes, pods })).toEqual([
    { name: "nvidia.com/gpu", product: "H100", allocatable: 10, free: 5 },
    { name: "nvidia.com/mig-1g.10gb", product: null, allocatable: 7, free: 5 },
  ]);
});

test("init containers ask for what they need one after the other", () => {
  const limits = { "nvidia.com/gpu": "2" };
  const both = {
    spec: { nodeName: "a", containers: [{ resources: { limits } }], initContainers: [{ resources: { limits } }] },
  };
  expect(gpusOf({ nodes: [node("a", { "nvidia.com/gpu": "4" })], pods: [both] })[0]?.free).toBe(2);
});

test("nothing is promised that could not be read", () => {
  expect(gpusOf({ nodes: null })).toEqual([]);
  expect(problemOf(facts({ namespaces: null, gateways: null }), "risk", NO_CONFIG)).toBeNull();
});

test("a missing namespace, right or gateway is a problem with its fix", () => {
  expect(problemOf(facts(), "risk", NO_CONFIG)).toBeNull();
  expect(problemOf(facts(), "fraud", NO_CONFIG)).toContain("kubectl create namespace fraud");
  expect(problemOf(facts({ rights: [] }), "risk", NO_CONFIG)).toContain("apply the role");
  const config = { ...NO_CONFIG, gateway: { name: "inference", namespace: "gateways" } };
  expect(problemOf(facts(), "risk", config)).toContain("no Gateway gateways/inference. There is none");
  const gateways = [{ metadata: { name: "other", namespace: "gateways" } }];
  expect(problemOf(facts({ gateways }), "risk", config)).toContain("There are gateways/other");
});

/** What an account is allowed that has the generated roles. */
function generatedRules(): RightsRule[] {
  const objects = parseAllDocuments(clusterRoleYaml("risk")).map((each) => each.toJS());
  return objects.flatMap(({ rules = [] }) => rules);
}

test("the generated role allows all that is done in a cluster, and no secret, no other verb", () => {
  const rules = generatedRules();
  expect(
    missingRights(rules, new Set([...GROUPS, "keda.sh", "monitoring.coreos.com", "gateway.envoyproxy.io"])),
  ).toEqual([]);
  expect(rules.flatMap(({ resources = [] }) => resources)).not.toContain("secrets");
  const verbs = new Set(rules.flatMap((rule) => rule.verbs ?? []));
  expect([...verbs].sort()).toEqual(["create", "delete", "get", "list", "patch", "watch"]);
});

test("what writes is bound in the namespace, what reads the cluster only lists", () => {
  const objects = parseAllDocuments(clusterRoleYaml("risk")).map((each) => each.toJS());
  const of = (kind: string) => objects.filter((each) => each.kind === kind);
  expect(of("Role").map(({ metadata }) => metadata.namespace)).toEqual(["risk"]);
  const inCluster: RightsRule[] = of("ClusterRole").flatMap(({ rules }) => rules);
  expect(inCluster.flatMap(({ verbs = [] }) => verbs)).toEqual(inCluster.map(() => "list"));
  expect(of("RoleBinding")[0].subjects).toEqual([{ kind: "ServiceAccount", name: "proviso", namespace: "risk" }]);
});

test("a missing right is named by verb and resource, of groups that are there only", () => {
  const rules = generatedRules().map((rule) => ({
    ...rule,
    verbs: (rule.verbs ?? []).filter((verb) => verb !== "patch"),
  }));
  expect(missingRights(rules, new Set(["policy"]))).toEqual(["patch configmaps", "patch poddisruptionbudgets.policy"]);
  const named = [{ ...EVERYTHING, resourceNames: ["one"] }];
  expect(missingRights(named, new Set(["policy"])).length).toBeGreaterThan(2);
});
