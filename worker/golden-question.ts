import type { ModelSchema } from "@/lib/registry/model-schema";
import type { ScoreOutput } from "./score-rows";

/** What the limited process that makes a golden set is asked: paths, and which output is the score. */
export type GoldenQuestion = {
  readonly model: string;
  readonly sample: string;
  readonly schema: ModelSchema;
  readonly output: ScoreOutput;
  readonly rows: number;
};

/** Rows in the order of the model's columns, with the score of each; or why there are none. */
export type GoldenAnswer =
  | { readonly ok: true; readonly rows: readonly (readonly number[])[]; readonly scores: readonly number[] }
  | { readonly ok: false; readonly reason: string };
