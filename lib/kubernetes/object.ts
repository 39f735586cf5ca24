/** Who we are to a cluster: the field manager of server-side apply. */
export const FIELD_MANAGER = "proviso";

/** Kind and version, as a manifest says them. */
export type Kind = { readonly apiVersion: string; readonly kind: string };

/** Which object of a cluster: unique in it. */
export type ObjectKey = Kind & {
  readonly name: string;
  /** Null: the kind belongs to no namespace. */
  readonly namespace: string | null;
};

export type ManagedFields = {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly [key: string]: unknown;
};

/** Any object, as the API gives it. What is below `spec` and `status` is for those who know the kind. */
export type KubeObject = Kind & {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
    readonly managedFields?: readonly ManagedFields[];
  };
  readonly [key: string]: unknown;
};

export function keyOfObject({ apiVersion, kind, metadata }: KubeObject): ObjectKey {
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? null };
}

/** For a map by key. */
export const idOf = ({ apiVersion, kind, name, namespace }: ObjectKey) =>
  `${apiVersion}/${kind}/${namespace ?? ""}/${name}`;

/** For a person: `HTTPRoute risk/flights`. */
export const nameOf = ({ kind, name, namespace }: Omit<ObjectKey, "apiVersion">) =>
  `${kind} ${namespace === null ? "" : `${namespace}/`}${name}`;
