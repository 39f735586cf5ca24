// What KServe is told: Standard mode, no ingress of its own, images that nobody pulls; and the webhooks that call its manager.

type Hook = {
  readonly name: string;
  readonly clientConfig: { readonly url: string; readonly caBundle: string };
  readonly rules: readonly object[];
  readonly failurePolicy: "Fail";
  readonly sideEffects: "None";
  readonly admissionReviewVersions: readonly string[];
  readonly reinvocationPolicy?: "IfNeeded";
  readonly objectSelector?: object;
};

type Target = { readonly group: string; readonly version: string; readonly resource: string };

const size = (cpu: string, memory: string) => ({
  cpuRequest: cpu,
  cpuLimit: cpu,
  memoryRequest: memory,
  memoryLimit: memory,
});
const image = (name: string) => ({ image: `example.invalid/${name}:1`, ...size("100m", "100Mi") });

const SECTIONS = {
  deploy: { defaultDeploymentMode: "Standard" },
  ingress: {
    enableGatewayApi: false,
    disableIngressCreation: true,
    disableIstioVirtualHost: true,
    kserveIngressGateway: "kserve/gateway",
    ingressGateway: "kserve/gateway",
    localGateway: "kserve/gateway",
    localGatewayService: "gateway.kserve.svc.cluster.local",
    ingressDomain: "example.com",
    domainTemplate: "{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}",
    urlScheme: "http",
  },
  inferenceService: { resource: size("1", "2Gi") },
  storageInitializer: {
    ...image("storage-initializer"),
    enableModelcar: true,
    cpuModelcar: "10m",
    memoryModelcar: "15Mi",
    uidModelcar: 1010,
  },
  logger: { ...image("agent"), defaultUrl: "http://default-broker" },
  batcher: { ...image("agent"), maxBatchSize: "32", maxLatency: "5000" },
  agent: image("agent"),
  router: image("router"),
  credentials: {
    storageSpecSecretName: "storage-config",
    storageSecretNameAnnotation: "serving.kserve.io/storageSecretName",
  },
  metricsAggregator: { enableMetricAggregation: "false", enablePrometheusScraping: "false" },
  security: { autoMountServiceAccountToken: false },
  autoscaler: { scaleUpStabilizationWindowSeconds: "0", scaleDownStabilizationWindowSeconds: "300" },
};

/** The ConfigMap that KServe reads its settings from: a JSON text per section. */
export function kserveConfiguration(): object {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "inferenceservice-config", namespace: "kserve" },
    data: Object.fromEntries(Object.entries(SECTIONS).map(([key, value]) => [key, JSON.stringify(value)])),
  };
}

/** The webhook configurations, with where they are applied. `port`: of the manager's webhook server. */
export function kserveWebhooks(port: number, authorityPem: string): { path: string; object: object }[] {
  const caBundle = Buffer.from(authorityPem).toString("base64");
  const hook = (name: string, url: string, target: Target, operations: readonly string[]): Hook => ({
    name: `${name}.kserve-webhook-server.local`,
    clientConfig: { url: `https://127.0.0.1:${port}${url}`, caBundle },
    rules: [{ apiGroups: [target.group], apiVersions: [target.version], operations, resources: [target.resource] }],
    failurePolicy: "Fail",
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
  });
  const serving = (action: "mutate" | "validate", version: string, kind: string) => {
    const target = { group: "serving.kserve.io", version, resource: `${kind}s` };
    return hook(`${kind}-${action}`, `/${action}-serving-kserve-io-${version}-${kind}`, target, ["CREATE", "UPDATE"]);
  };
  const pods: Hook = {
    ...hook("pod-mutator", "/mutate-pods", { group: "", version: "v1", resource: "pods" }, ["CREATE"]),
    reinvocationPolicy: "IfNeeded",
    objectSelector: { matchExpressions: [{ key: "serving.kserve.io/inferenceservice", operator: "Exists" }] },
  };
  return [
    configuration("Mutating", [serving("mutate", "v1beta1", "inferenceservice"), pods]),
    configuration("Validating", [
      serving("validate", "v1beta1", "inferenceservice"),
      ...["trainedmodel", "inferencegraph", "clusterservingruntime", "servingruntime"].map((kind) =>
        serving("validate", "v1alpha1", kind),
      ),
    ]),
  ];
}

function configuration(sort: "Mutating" | "Validating", webhooks: readonly Hook[]): { path: string; object: object } {
  const group = "admissionregistration.k8s.io/v1";
  return {
    path: `/apis/${group}/${sort.toLowerCase()}webhookconfigurations/kserve`,
    object: { apiVersion: group, kind: `${sort}WebhookConfiguration`, metadata: { name: "kserve" }, webhooks },
  };
}
