import type { BaselineConfig, FeatureConfig, RevisionConfig } from "@/lib/inference/desired-state";
import { BIN, VIOLATION } from "@/lib/inference/events";

type Column = BaselineConfig["columns"][number];
type Bins = { readonly edges: Float32Array; readonly exact: boolean };

/** A bin is one byte, and the last ones are BIN. A column of ranges has one bin more than edges. */
const MAX_EDGES = BIN.other;
/** A list of more has no place in an event (row-binary.ts, count). */
const MAX_VIOLATIONS = 16_383;
const CODES_PER_FEATURE = 4;
const NOTHING = new Uint8Array(0);

/**
 * Says of each row in which bins of the frozen reference it lies, and which values break what the contract declares. Made once per
 * revision. The results of `mark` are valid until the next call.
 */
export class RowMarker {
  /** Number of the baseline; 0 = none. */
  readonly baseline: number;
  /** Bin of the score, then of each feature; empty without a baseline. */
  readonly bins: Uint8Array;
  /** feature * 4 + VIOLATION; the first `violationCount` count. */
  readonly violations: Uint16Array;
  violationCount = 0;
  private readonly columns: readonly Bins[];
  private readonly checks: readonly Check[];

  /** @throws Error when the baseline or the declared features do not fit a row of `features` columns, in words for a person */
  constructor({ baseline, features: declared }: Pick<RevisionConfig, "baseline" | "features">, features: number) {
    if (declared && declared.length !== features) {
      throw new Error(`the contract declares ${declared.length} features, the model takes ${features}`);
    }
    if (baseline && baseline.columns.length !== features + 1) {
      throw new Error(`baseline ${baseline.id} has ${baseline.columns.length} columns, expected ${features + 1}`);
    }
    this.baseline = baseline?.id ?? 0;
    this.columns = (baseline?.columns ?? []).map((column, k) =>
      prepared(column, `baseline ${baseline?.id}, column ${k}`),
    );
    this.bins = baseline ? new Uint8Array(features + 1) : NOTHING;
    this.checks = (declared ?? []).flatMap(checkOf);
    this.violations = new Uint16Array(Math.min(MAX_VIOLATIONS, this.checks.length * 2));
  }

  /** Bytes that the marks of a row take at most in an event. */
  get maxBytes(): number {
    return 8 + this.bins.length + this.violations.length * 2;
  }

  /** The features of the row are x[at], x[at + 1], … as the model saw them. */
  mark(x: Float32Array, at: number, score: number): void {
    const { columns, bins } = this;
    for (let k = 0; k < columns.length; k++) {
      bins[k] = binOf(columns[k] as Bins, k === 0 ? score : (x[at + k - 1] as number));
    }
    this.violationCount = 0;
    for (const check of this.checks) this.check(check, x[at + check.feature] as number);
  }

  private check({ feature, min, max, integer }: Check, value: number): void {
    if (value < min || value > max) this.violate(feature, VIOLATION.range);
    // NaN is a missing value: no range and no type.
    if (integer && !Number.isInteger(value) && !Number.isNaN(value)) this.violate(feature, VIOLATION.type);
  }

  private violate(feature: number, violation: number): void {
    if (this.violationCount === this.violations.length) return;
    this.violations[this.violationCount++] = feature * CODES_PER_FEATURE + violation;
  }
}

type Check = { readonly feature: number; readonly min: number; readonly max: number; readonly integer: boolean };

/** Bounds in 32 bits, as the value was rounded: .1 is within a maximum of .1. */
function checkOf({ type, min, max }: FeatureConfig, feature: number): Check[] {
  const integer = type === "integer";
  if (min === null && max === null && !integer) return [];
  const [low, high] = [Math.fround(min ?? Number.NEGATIVE_INFINITY), Math.fround(max ?? Number.POSITIVE_INFINITY)];
  return [{ feature, min: low, max: high, integer }];
}

/** Edges in 32 bits, as the values that they are compared with. */
function prepared({ edges, exact }: Column, where: string): Bins {
  if (edges.length >= MAX_EDGES && !(exact && edges.length === MAX_EDGES)) {
    throw new Error(`${where} has ${edges.length} edges, too many for bins of one byte`);
  }
  if (edges.some((edge, k) => k > 0 && edge <= (edges[k - 1] as number))) {
    throw new Error(`${where}: the edges do not ascend`);
  }
  return { edges: Float32Array.from(edges), exact };
}

/** Number of edges below the value, by bisection: bin k holds what is above edge k-1 and not above edge k. */
function binOf({ edges, exact }: Bins, value: number): number {
  if (Number.isNaN(value)) return BIN.missing;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return exact && edges[low] !== value ? BIN.unseen : low;
}
