import type { Precision } from "@/lib/registry/schema";

/** "INT8 of v3" for a variant, "FP32" for a version that is none. */
export function precisionWords(precision: Precision, variantOf: number | null): string {
  const name = precision.toUpperCase();
  return variantOf === null ? name : `${name} of v${variantOf}`;
}
