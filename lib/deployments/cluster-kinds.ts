/** Every kind that an endpoint is compiled to, in the version that is written; what we delete is of these. */
export const WRITTEN_KINDS = [
  { apiVersion: "v1", kind: "ConfigMap" },
  { apiVersion: "serving.kserve.io/v1alpha1", kind: "ServingRuntime" },
  { apiVersion: "serving.kserve.io/v1beta1", kind: "InferenceService" },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget" },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
  { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" },
  { apiVersion: "gateway.envoyproxy.io/v1alpha1", kind: "Backend" },
  { apiVersion: "gateway.envoyproxy.io/v1alpha1", kind: "BackendTrafficPolicy" },
  { apiVersion: "gateway.envoyproxy.io/v1alpha1", kind: "SecurityPolicy" },
  { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" },
  { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule" },
  { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication" },
  { apiVersion: "policy.linkerd.io/v1beta1", kind: "Server" },
  { apiVersion: "policy.linkerd.io/v1alpha1", kind: "MeshTLSAuthentication" },
  { apiVersion: "policy.linkerd.io/v1alpha1", kind: "AuthorizationPolicy" },
] as const;
