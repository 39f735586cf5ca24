import type { ClusterConfig } from "@/lib/deployments/cluster-config";
import type { ClusterAccess, ClusterDetail } from "@/lib/deployments/cluster-view";

/** What the form holds: text, as it was typed. */
export type ClusterValues = {
  readonly name: string;
  readonly namespace: string;
  readonly access: ClusterAccess;
  readonly kubeconfig: string;
  /** `<namespace>/<name>` */
  readonly gateway: string;
  readonly gatewayUrl: string;
  readonly backends: "yes" | "no";
  readonly kserveVersion: string;
  readonly prometheusUrl: string;
  readonly triton: string;
  readonly storage: string;
  readonly issuer: string;
  /** Address of a key set, or the set itself. */
  readonly jwks: string;
};

export const NO_VALUES: ClusterValues = {
  ...{ name: "", namespace: "", access: "kubeconfig", kubeconfig: "", gateway: "", gatewayUrl: "", backends: "no" },
  ...{ kserveVersion: "", prometheusUrl: "", triton: "", storage: "", issuer: "", jwks: "" },
};

/** What is stored, without the credentials: those are never given back. */
export function valuesOf({ name, namespace, access, config }: ClusterDetail): ClusterValues {
  const { gateway, gatewayUrl, backends, kserveVersion, prometheusUrl, images, storage, jwt } = config;
  return {
    ...{ name, namespace, access, kubeconfig: "" },
    gateway: gateway ? `${gateway.namespace}/${gateway.name}` : "",
    gatewayUrl: gatewayUrl ?? "",
    backends: backends ? "yes" : "no",
    kserveVersion: kserveVersion ?? "",
    prometheusUrl: prometheusUrl ?? "",
    triton: images.triton ?? "",
    storage: storage ?? "",
    issuer: jwt?.issuer ?? "",
    jwks: jwt ? ("uri" in jwt.jwks ? jwt.jwks.uri : jwt.jwks.inline) : "",
  };
}

/** As the operations take it; what is empty is not chosen. */
export function inputOf(values: ClusterValues) {
  const { name, namespace, access, kubeconfig } = values;
  return {
    ...{ name, namespace, access, config: configOf(values) },
    ...(access === "kubeconfig" && kubeconfig.trim() !== "" && { kubeconfig }),
  };
}

function configOf({ gateway, jwks, ...values }: ClusterValues): ClusterConfig {
  const [gatewayNamespace = "", gatewayName = ""] = gateway.trim().split("/");
  const keys = jwks.trim();
  return {
    gateway: gateway.trim() === "" ? null : { namespace: gatewayNamespace, name: gatewayName },
    gatewayUrl: orNull(values.gatewayUrl),
    backends: values.backends === "yes",
    kserveVersion: orNull(values.kserveVersion),
    prometheusUrl: orNull(values.prometheusUrl),
    images: { triton: orNull(values.triton) },
    storage: orNull(values.storage),
    jwt:
      values.issuer.trim() === "" && keys === ""
        ? null
        : { issuer: values.issuer, jwks: keys.startsWith("{") ? { inline: keys } : { uri: keys } },
  };
}

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** The field of the form that a message of the schema belongs to. */
export function fieldOf(path: readonly PropertyKey[]): keyof ClusterValues {
  const [first, second, third] = path.map(String);
  if (first !== "config") return (first ?? "name") as keyof ClusterValues;
  if (second === "images") return "triton";
  if (second === "jwt") return third === "issuer" ? "issuer" : "jwks";
  return (second ?? "gateway") as keyof ClusterValues;
}
