import type { ModelSchema } from "@/lib/registry/model-schema";

type File = { readonly path: string; readonly sha256: string };

/** What the limited process is asked to look at. */
export type Question = {
  readonly model: File;
  readonly sample: File;
  /** Absent: the version has none. */
  readonly evaluation?: File;
  readonly schema: ModelSchema;
};

/** The version is at fault, not the process that looks at it; the message is for a person. */
export class Unfit extends Error {
  override readonly name = "Unfit";
}
