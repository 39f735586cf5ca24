import type { DriftTest, Feature } from "@/lib/contracts/document";
import { BIN, VIOLATION } from "@/lib/inference/events";
import {
  type ComparedColumn,
  compare,
  type Finding,
  findingsOf,
  type Reference,
  type WindowCounts,
} from "@/lib/monitoring/drift";
import { driftHistogram } from "@/lib/monitoring/drift-histogram";
import type { DriftColumn } from "@/lib/monitoring/drift-view";
import { distanceOf, total, totalVariation } from "@/lib/monitoring/two-sample";
import { DAY_MS, type Range } from "@/lib/time";

/** Rows of one event day by bin of one column (0 = the score, from 1 the features). */
export type DayBins = { readonly day: string; readonly feature: number; readonly bins: ReadonlyMap<number, number> };

export type DriftColumnFacts = {
  readonly reference: Reference;
  readonly days: readonly DayBins[];
  /** Of the contract in force, in the order of the model's input. */
  readonly features: readonly Feature[];
  readonly test: DriftTest;
  /** Whole event days that are judged. */
  readonly range: Range;
  /** Signed limit of the score's distance; null: none is signed. */
  readonly predictionLimit: number | null;
  readonly violations: { readonly n: number; readonly byCode: ReadonlyMap<number, number> };
};

export type DriftColumns = {
  readonly prediction: DriftColumn;
  readonly features: readonly DriftColumn[];
  readonly rows: number;
};

/** The score and every feature of the window beside the reference; null where no row of the window was binned under it. */
export function driftColumns(facts: DriftColumnFacts): DriftColumns | null {
  const { reference, range, test, features } = facts;
  const byColumn = groupByColumn(facts.days, reference.payload.columns.length);
  const compared = compare(reference, countsOf(byColumn, range));
  if (!compared) return null;
  const found = findingsOf(compared, features, test, range);
  const column = (finding: Finding, index: number) =>
    columnView(finding, index, compared[index], byColumn[index] ?? [], facts);
  const prediction = column(found.score, 0);
  const limit = facts.predictionLimit;
  const beyond = prediction.changed === true && limit !== null && (prediction.effect?.value ?? 0) > limit;
  return {
    prediction: { ...prediction, limit, beyond },
    features: found.features.map((finding, i) => column(finding, i + 1)),
    rows: Math.max(0, ...compared.map(({ rows }) => rows)),
  };
}

function groupByColumn(days: readonly DayBins[], columns: number): DayBins[][] {
  const byColumn = Array.from({ length: columns }, (): DayBins[] => []);
  for (const day of days) byColumn[day.feature]?.push(day);
  return byColumn;
}

/** Rows by bin over the days of a range, one map for each column. */
function sumDays(days: readonly DayBins[], { from, to }: Range): Map<number, number> {
  const sum = new Map<number, number>();
  for (const { day, bins } of days) {
    const at = Date.parse(day);
    if (at < from || at >= to) continue;
    for (const [bin, n] of bins) sum.set(bin, (sum.get(bin) ?? 0) + n);
  }
  return sum;
}

function countsOf(byColumn: readonly (readonly DayBins[])[], range: Range): WindowCounts {
  const sums = byColumn.map((days) => sumDays(days, range));
  return { bins: sums.map((sum) => [...sum.keys()]), counts: sums.map((sum) => [...sum.values()]) };
}

function columnView(
  finding: Finding,
  index: number,
  compared: ComparedColumn | undefined,
  days: readonly DayBins[],
  { reference, range, violations, features }: DriftColumnFacts,
): DriftColumn {
  const { payload } = reference;
  const untested = finding.skipped;
  const value = finding.effect?.value ?? null;
  const importance = payload.importance?.find(({ feature }) => feature === finding.feature)?.value ?? null;
  const category = features.find(({ name }) => name === finding.feature)?.type === "category";
  const known = compared?.column.kind === "values";
  const share = (kind: number) =>
    index === 0 || violations.n === 0 ? null : (violations.byCode.get((index - 1) * 4 + kind) ?? 0) / violations.n;
  return {
    name: finding.feature,
    untested,
    changed: untested === null ? finding.changed : null,
    p: finding.p,
    corrected: finding.q,
    effect: finding.effect,
    effectKind: category ? "TV" : "D",
    limit: finding.limit,
    beyond: finding.left,
    importance,
    weight: importance === null || value === null ? null : Math.max(0, importance) * value,
    missing: finding.rows === 0 ? null : finding.missingRatio,
    missingReference: finding.missingReference,
    unseen: finding.rows === 0 || !known ? null : finding.unseenRatio,
    outOfRange: share(VIOLATION.range),
    typeChanged: share(VIOLATION.type),
    calendar:
      compared?.column.calendar === true || features.find(({ name }) => name === finding.feature)?.calendar === true,
    histogram: compared ? driftHistogram(compared.column, sumDays(days, range)) : [],
    trend: compared ? trendOf(compared, days, range, category) : [],
  };
}

/** Effect of the window of the same length that ends with each day. */
function trendOf({ column }: ComparedColumn, days: readonly DayBins[], range: Range, category: boolean) {
  const length = range.to - range.from;
  const first = days[0] && Date.parse(days[0].day);
  if (first === undefined || column.kind === "excluded") return [];
  const ends = Array.from({ length: Math.floor((range.to - first) / DAY_MS) }, (_, i) => first + (i + 1) * DAY_MS);
  return ends
    .filter((to) => to - length >= first)
    .map((to) => ({
      day: new Date(to - DAY_MS).toISOString().slice(0, 10),
      effect: effectOf(column.counts, sumDays(days, { from: to - length, to }), category),
    }));
}

/** Distance of a window to the reference; values that it never had lie beyond every known one. Null without a row. */
function effectOf(reference: readonly number[], window: ReadonlyMap<number, number>, category: boolean): number | null {
  const known = reference.map((_, bin) => window.get(bin) ?? 0);
  const unseen = [...window].reduce(
    (sum, [bin, n]) => (bin >= reference.length && bin !== BIN.missing ? sum + n : sum),
    0,
  );
  const [r, c] = [
    [...reference, 0],
    [...known, unseen],
  ];
  if (total(r) === 0 || total(c) === 0) return null;
  return category ? totalVariation(r, c) : distanceOf(r, c).d;
}
