import { z } from "zod";
import { ENDPOINT_LABEL, GENERATION_ANNOTATION, MANAGED_BY } from "@/lib/serving/manifest-metadata";
import type { LiveObject } from "./live-object";

/** What a cluster holds of an endpoint beside its objects: kept there, so that any worker goes on from it. */
const clusterRecord = z.object({
  /** The highest that was ever asked for: a lower one is refused, also after everything else of the endpoint is gone. */
  generation: z.int().min(0),
  /** The last one whose objects were all applied; null: none yet. */
  applied: z.int().min(0).nullable(),
  serving: z.string().nullable(),
  warm: z.string().nullable(),
  canary: z.object({ revision: z.string(), percent: z.number(), shadow: z.boolean() }).nullable(),
  /** Whether a route leads requests to it. */
  isRouted: z.boolean(),
  /** Share of the requests that each revision was given last, in per cent. */
  shares: z.record(z.string(), z.number()),
  /** SHA-256 of the model that each revision is to serve. */
  models: z.record(z.string(), z.string()),
  /** By object (`idOfKey`): digest of the manifest that was applied last. */
  digests: z.record(z.string(), z.string()),
});
export type ClusterRecord = z.output<typeof clusterRecord>;

export const EMPTY_RECORD: ClusterRecord = {
  generation: 0,
  applied: null,
  serving: null,
  warm: null,
  canary: null,
  isRouted: false,
  shares: {},
  models: {},
  digests: {},
};

/** A dot: the names of endpoints have none, so that it is never one of their own objects. */
const PREFIX = "proviso.";
const FIELD = "record";

/** The ConfigMap that holds the record. */
export function recordObject(endpoint: string, namespace: string, record: ClusterRecord): LiveObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: `${PREFIX}${endpoint}`,
      namespace,
      labels: { ...MANAGED_BY, [ENDPOINT_LABEL]: endpoint },
      annotations: { [GENERATION_ANNOTATION]: `${record.generation}` },
    },
    data: { [FIELD]: JSON.stringify(record) },
  };
}

export const isRecord = ({ kind, metadata }: LiveObject) => kind === "ConfigMap" && metadata.name.startsWith(PREFIX);

/** What is held there. One that somebody wrote over is as good as none, but for its generation. */
export function readRecord(object: LiveObject | null): ClusterRecord {
  if (object === null) return EMPTY_RECORD;
  const data = object.data as Readonly<Record<string, string>> | undefined;
  try {
    return clusterRecord.parse(JSON.parse(data?.[FIELD] ?? ""));
  } catch {
    return { ...EMPTY_RECORD, generation: generationOf(object) };
  }
}

/** Generation of the wish that an object was made for; 0: it does not say. */
export function generationOf({ metadata }: LiveObject): number {
  const said = Number(metadata.annotations?.[GENERATION_ANNOTATION] ?? 0);
  return Number.isSafeInteger(said) && said > 0 ? said : 0;
}

/** Whether an object is of the endpoint as a whole: it says the generation that it was made for. */
export const saysGeneration = ({ metadata }: LiveObject) => metadata.annotations?.[GENERATION_ANNOTATION] !== undefined;
