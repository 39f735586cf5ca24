/**
 * Objects of a cluster as its API gives them, as far as we read them. Every field below metadata may be absent: a controller that has
 * not come to it yet, or another version of the kind.
 */
export type LiveObject = {
  readonly apiVersion: string;
  readonly kind: string;
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
  };
  readonly [key: string]: unknown;
};

export type Condition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
};
type Conditions = { readonly conditions?: readonly Condition[] };

export type InferenceService = LiveObject & {
  readonly status?: Conditions & {
    readonly address?: { readonly url?: string };
    readonly modelStatus?: {
      readonly transitionStatus?: string;
      readonly lastFailureInfo?: { readonly reason?: string; readonly message?: string; readonly exitCode?: number };
    };
  };
};

export type Deployment = LiveObject & {
  readonly spec?: { readonly replicas?: number; readonly progressDeadlineSeconds?: number };
  readonly status?: Conditions & {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
};

export type ReplicaSet = LiveObject & { readonly status?: Conditions };

type Ended = {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly finishedAt?: string;
};
export type ContainerState = {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Ended;
};
export type ContainerStatus = {
  readonly name: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
};

type Quantities = Readonly<Record<string, string | number>>;
type PodContainer = {
  readonly name: string;
  readonly resources?: { readonly requests?: Quantities; readonly limits?: Quantities };
};

export type Pod = LiveObject & {
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly PodContainer[] };
  readonly status?: Conditions & {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
};

export type Node = LiveObject & {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: Conditions & { readonly allocatable?: Quantities };
};

export type KubeEvent = LiveObject & {
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
};

export type HttpRoute = LiveObject & {
  readonly spec?: {
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly backendRefs?: readonly { readonly name?: string; readonly weight?: number }[];
    }[];
  };
  readonly status?: { readonly parents?: readonly Conditions[] };
};

export const conditionOf = ({ conditions }: Conditions, type: string) => conditions?.find((each) => each.type === type);

/** Milliseconds since 1970; null: the API did not say. */
export function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : time;
}

/** An object as it is to be, and the digest of that. */
export type WantedObject = { readonly object: LiveObject; readonly digest: string };

/** Unique within a cluster's namespace: `ServingRuntime.serving.kserve.io/v1alpha1/flights-r3`. */
export const idOfKey = ({ apiVersion, kind, metadata }: LiveObject) => `${kind}.${apiVersion}/${metadata.name}`;
