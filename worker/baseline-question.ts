import type { BaselinePayload } from "@/lib/monitoring/baseline";
import type { ModelSchema } from "@/lib/registry/model-schema";
import type { ScoreOutput } from "./score-rows";

/** What the limited process is asked to profile: paths of verified files. */
export type BaselineQuestion = {
  readonly model: string;
  readonly sample: string;
  /** Labelled rows that no training has seen; null: the version has none. */
  readonly evaluation: string | null;
  readonly schema: ModelSchema;
  readonly output: ScoreOutput;
};

export type BaselineAnswer =
  | { readonly ok: true; readonly payload: BaselinePayload }
  | { readonly ok: false; readonly reason: string };
