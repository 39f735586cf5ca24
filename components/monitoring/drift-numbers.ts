import { formatNumber } from "@/lib/format";
import type { DriftColumn } from "@/lib/monitoring/drift-view";

export const DRIFT_FILTERS = ["all", "changed", "beyond"] as const;
export type DriftFilter = (typeof DRIFT_FILTERS)[number];
export const DRIFT_SORTS = ["weight", "effect", "importance", "name"] as const;
export type DriftSort = (typeof DRIFT_SORTS)[number];

/** What of a query string is one of `allowed`, the first of them unless told. */
export function oneOf<const T extends readonly [string, ...string[]]>(allowed: T, asked: unknown): T[number] {
  return allowed.find((each) => each === asked) ?? allowed[0];
}

/** The features that a filter leaves, in an order; what is not known comes last, and what is not tested after it. */
export function shownFeatures(features: readonly DriftColumn[], filter: DriftFilter, sort: DriftSort): DriftColumn[] {
  return features
    .filter(({ changed, beyond }) => filter === "all" || (filter === "changed" ? changed === true : beyond))
    .sort((a, b) => {
      if (sort === "name") return a.name.localeCompare(b.name);
      return keyOf(b, sort) - keyOf(a, sort) || keyOf(b, "effect") - keyOf(a, "effect") || a.name.localeCompare(b.name);
    });
}

function keyOf(column: DriftColumn, sort: Exclude<DriftSort, "name">): number {
  const value = sort === "effect" ? column.effect?.value : column[sort];
  return value ?? (column.untested === null ? -1 : -2);
}

/** "p < 0.001", "p 0.03". */
export function pText(p: number | null): string {
  if (p === null) return "not tested";
  return p < 0.001 ? "p < 0.001" : `p ${formatNumber(p)}`;
}

export type DriftHead = {
  readonly tested: number;
  readonly changed: number;
  readonly beyond: number;
  /** The feature with the largest effect in units of its limit. */
  readonly furthest: DriftColumn | null;
  /** The feature with the largest importance x effect. */
  readonly heaviest: DriftColumn | null;
};

/** The three questions over all features. */
export function driftHead(features: readonly DriftColumn[]): DriftHead {
  const tested = features.filter(({ untested }) => untested === null);
  const ratio = ({ effect, limit }: DriftColumn) => (effect && limit ? effect.value / limit : 0);
  const most = (of: (column: DriftColumn) => number) =>
    tested.reduce<DriftColumn | null>((best, each) => (of(each) > (best ? of(best) : 0) ? each : best), null);
  return {
    tested: tested.length,
    changed: tested.filter(({ changed }) => changed === true).length,
    beyond: tested.filter(({ beyond }) => beyond).length,
    furthest: most(ratio),
    heaviest: most(({ weight }) => weight ?? 0),
  };
}
