import { z } from "zod";
import { type ClusterCapabilities, clusterCapabilities } from "@/lib/serving/cluster-capabilities";

const httpUrl = z
  .string()
  .trim()
  .max(2000)
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), "an http or https address")
  .refine(
    (value) => !URL.canParse(value) || `${new URL(value).username}${new URL(value).password}` === "",
    "no user or password in the address",
  );

/** A name of an object or a namespace in a cluster (RFC 1123 label). */
export const clusterLabel = z
  .string()
  .trim()
  .min(1, "say its name")
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "lower-case letters, digits and dashes, at most 63");

const keySet = z.string().trim().max(50_000).refine(isKeySet, 'a JSON Web Key Set: {"keys": […]} of public keys');

/** What a person says of a cluster; what can be found there is found there. */
export const clusterConfig = z.strictObject({
  /** Where requests enter: a Gateway (gateway.networking.k8s.io) that admits routes of the cluster's namespace. */
  gateway: z.strictObject({ name: clusterLabel, namespace: clusterLabel }).nullable(),
  /** Base URL that clients reach the gateway at; null: not known, so no address of an endpoint is shown. */
  gatewayUrl: httpUrl.nullable(),
  /** Its Envoy Gateway takes `Backend` objects (extensionApis.enableBackend); cannot be seen from outside. */
  backends: z.boolean(),
  /** Where its controller runs outside of the cluster, or its image has no tag; null: as found. */
  kserveVersion: z
    .string()
    .trim()
    .regex(/^v?\d+\.\d+(?:\.\d+)?$/, "a version such as v0.20.0")
    .nullable(),
  prometheusUrl: httpUrl.nullable(),
  images: clusterCapabilities.shape.images,
  /** Where the cluster reads model files: `<storage>/sha256/<2 digits>/<64 digits>`, the layout of the artifact store's folder. */
  storage: z
    .string()
    .trim()
    .max(2000)
    .regex(/^(?:s3|gs|https?):\/\/[^\s?#]+[^\s?#/]$/, "s3://, gs:// or https://, without a slash at the end")
    .nullable(),
  /** Who signs the tokens of callers; null: this installation. */
  jwt: z
    .strictObject({
      issuer: z.string().trim().min(1, "say who issues the tokens").max(2000),
      jwks: z.union([z.strictObject({ uri: httpUrl }), z.strictObject({ inline: keySet })]),
    })
    .nullable(),
});
export type ClusterConfig = z.output<typeof clusterConfig>;

export const NO_CONFIG: ClusterConfig = {
  gateway: null,
  gatewayUrl: null,
  backends: false,
  kserveVersion: null,
  prometheusUrl: null,
  images: { triton: null },
  storage: null,
  jwt: null,
};

/** A key set without private parts: what a private key signs anyone could. */
function isKeySet(text: string): boolean {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) && keys.length > 0 && keys.every(isPublicKey);
  } catch {
    return false;
  }
}

function isPublicKey(key: unknown): boolean {
  return typeof key === "object" && key !== null && "kty" in key && !("d" in key) && !("k" in key);
}

/** What a cluster offers: as it was found, with what a person says of it. Null: not looked at yet, or stored by another version. */
export function capabilitiesOf(config: ClusterConfig, found: unknown): ClusterCapabilities | null {
  const { gateway, backends, kserveVersion, prometheusUrl, images } = config;
  const parsed = clusterCapabilities.safeParse(found).data;
  if (!parsed) return null;
  const kserve = parsed.kserve && { version: kserveVersion ?? parsed.kserve.version };
  return { ...parsed, kserve, gateway, backends, prometheusUrl, images };
}

/** Address of a model file in the storage of a cluster, by its SHA-256. */
export function storedAt(storage: string, sha256: string): string {
  return `${storage}/sha256/${sha256.slice(0, 2)}/${sha256}`;
}
