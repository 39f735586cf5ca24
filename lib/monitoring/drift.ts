import type { DriftTest, Feature } from "@/lib/contracts/document";
import { BIN } from "@/lib/inference/events";
import type { BaselineColumn, BaselinePayload } from "@/lib/monitoring/baseline";
import { distanceInterval, type Effect, variationInterval } from "@/lib/monitoring/effect-interval";
import { corrected } from "@/lib/monitoring/multiple-testing";
import { chiSquared, distanceOf, distanceP, total } from "@/lib/monitoring/two-sample";
import { DAY_MS, type Range } from "@/lib/time";

/** The reference in force on an endpoint. */
export type Reference = {
  /** Number of the baseline. */
  readonly id: number;
  /** Baselines of the same edges: rows that were binned under any of them count. */
  readonly ids: readonly number[];
  readonly payload: BaselinePayload;
};

/** Rows of a window by bin, for each column of the reference (0 = the score): `bins[column]` and `counts[column]` side by side. */
export type WindowCounts = {
  readonly bins: readonly (readonly number[])[];
  readonly counts: readonly (readonly number[])[];
};

/** One column of a window beside the same column of the reference, bin by bin. */
export type ComparedColumn = {
  readonly column: BaselineColumn;
  /** By bin; the reference's own, and the window's. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** Rows of the window: all, those without a value, those with a value that the reference never had. */
  readonly rows: number;
  readonly missing: number;
  readonly unseen: number;
};

/** What the two samples say about one column. The three questions are kept apart: changed? how much? beyond its limit? */
export type Finding = {
  readonly feature: string;
  /** Why it was not tested; null: it was. */
  readonly skipped: string | null;
  readonly test: "kolmogorov_smirnov" | "chi_squared" | null;
  /** Chance of such a difference without a change, and the same corrected for the number of features. */
  readonly p: number | null;
  readonly q: number | null;
  /** q is at most the level of the clause. */
  readonly changed: boolean;
  /** Largest distance of the distribution functions (numbers) or total variation (categories), with its 95 % interval. */
  readonly effect: Effect | null;
  /** No exact distance is larger: bins hide what happens inside them. */
  readonly effectMax: number | null;
  readonly limit: number | null;
  /** Changed, and by more than its limit. */
  readonly left: boolean;
  readonly rows: number;
  readonly missingRatio: number;
  readonly missingReference: number;
  readonly unseenRatio: number;
};

/** The reference without its scores where they are of another output than the contract's: they cannot be compared. */
export function ofOutput(reference: Reference, output: { readonly name: string; readonly index: number }): Reference {
  const { output: own, columns } = reference.payload;
  const [score, ...features] = columns;
  if (!score || !own || (own.name === output.name && own.index === output.index)) return reference;
  const reason = `made of output ${own.name}, column ${own.index}; the contract's score is ${output.name}, column ${output.index}`;
  const payload = { ...reference.payload, columns: [{ ...score, kind: "excluded" as const, reason }, ...features] };
  return { ...reference, payload };
}

const WEEK_DAYS = 7;

/** The columns of a window beside the reference's; null where the window has no row that was binned under it. */
export function compare({ payload }: Pick<Reference, "payload">, window: WindowCounts): ComparedColumn[] | null {
  const compared = payload.columns.map((column, k) =>
    compareColumn(column, window.bins[k] ?? [], window.counts[k] ?? []),
  );
  return compared.some(({ rows }) => rows > 0) ? compared : null;
}

function compareColumn(column: BaselineColumn, bins: readonly number[], counts: readonly number[]): ComparedColumn {
  const current = new Array<number>(column.counts.length).fill(0);
  let [rows, missing, unseen] = [0, 0, 0];
  for (const [i, bin] of bins.entries()) {
    const n = counts[i] ?? 0;
    rows += n;
    if (bin === BIN.missing) missing += n;
    else if (bin < current.length) current[bin] = (current[bin] ?? 0) + n;
    else unseen += n;
  }
  return { column, reference: column.counts, current, rows, missing, unseen };
}

/**
 * Tests every feature of the window against the reference. `range`: the window; features that follow the calendar are skipped unless it
 * is whole weeks. The score's own finding comes first, alone: it is not among the features that are corrected for their number.
 */
export function findingsOf(
  compared: readonly ComparedColumn[],
  features: readonly Feature[],
  test: DriftTest,
  range: Range,
): { readonly score: Finding; readonly features: readonly Finding[] } {
  const wholeWeeks = (range.to - range.from) % (WEEK_DAYS * DAY_MS) === 0;
  const [first, ...rest] = compared;
  if (!first) throw new RangeError("a baseline has at least the column of the score");
  const declared = new Map(features.map((each) => [each.name, each]));
  const raw = rest.map((each) => {
    const feature = declared.get(each.column.name);
    const limit = limitOf(each.column, test, feature);
    const calendar = each.column.calendar || feature?.calendar === true;
    const skipped = whySkipped(each) ?? (limit === null ? "the clause names no limit for it" : null);
    const early = calendar && !wholeWeeks ? "follows the calendar: tested over whole weeks only" : null;
    return { ...tested(each, feature, skipped ?? early), limit };
  });
  const testedOnes = raw.filter(({ p }) => p !== null);
  const q = corrected(
    testedOnes.map(({ p }) => p ?? 1),
    test.correction,
  );
  const qOf = new Map(testedOnes.map((each, i) => [each, q[i] ?? 1]));
  const score = tested(first, undefined, whySkipped(first));
  return {
    score: { ...score, q: score.p, changed: score.p !== null && score.p <= test.alpha },
    features: raw.map((each) => {
      const changed = (qOf.get(each) ?? 1) <= test.alpha && each.p !== null;
      const left = changed && each.effect !== null && each.limit !== null && each.effect.value > each.limit;
      return { ...each, q: qOf.get(each) ?? null, changed, left };
    }),
  };
}

/** Limit of a column: given, or max(floor, factor x its largest weekly effect inside the reference); null: the clause does not test it. */
export function limitOf(
  column: Pick<BaselineColumn, "name" | "weekly" | "weeklyVariation">,
  { limits, floor, factor }: DriftTest,
  feature?: Pick<Feature, "type">,
): number | null {
  if (limits !== "learned") return limits[column.name] ?? null;
  const weekly = feature?.type === "category" ? (column.weeklyVariation ?? column.weekly) : column.weekly;
  return Math.min(1, Math.max(floor, factor * (weekly ?? 0)));
}

function whySkipped({ column, rows, missing, reference }: ComparedColumn): string | null {
  if (column.kind === "excluded") return column.reason ?? "excluded from the reference";
  if (rows === 0) return "no row of the window was binned";
  if (rows === missing) return "every value of the window is missing";
  if (total(reference) === 0) return "the reference has no value";
  return null;
}

function tested(compared: ComparedColumn, feature: Feature | undefined, skipped: string | null): Finding {
  const { column, rows, missing, unseen, reference } = compared;
  const n = total(reference) + column.missing;
  const base: Finding = {
    feature: column.name,
    limit: null,
    ...{ skipped, test: null, p: null, q: null, changed: false, effect: null, effectMax: null, left: false, rows },
    missingRatio: rows === 0 ? 0 : missing / rows,
    missingReference: n === 0 ? 0 : column.missing / n,
    unseenRatio: rows - missing === 0 ? 0 : unseen / (rows - missing),
  };
  if (skipped !== null) return base;
  const found = feature?.type === "category" ? ofCategories(compared) : ofNumbers(compared);
  return { ...base, ...found };
}

/** Values that the reference never had lie above every known one: the order of what is unknown is unknown. */
const withUnseen = (counts: readonly number[], unseen: number) => [...counts, unseen];

function ofNumbers({ column, reference, current, unseen }: ComparedColumn) {
  const [r, c] = [withUnseen(reference, 0), withUnseen(current, unseen)];
  const { d, dMax } = distanceOf(r, c, column.kind === "values");
  const p = distanceP(d, total(r), total(c));
  const hidden = column.kind === "values" ? unseen / total(c) : 0;
  const effect = distanceInterval(r, c);
  return { test: "kolmogorov_smirnov" as const, p, effect, effectMax: Math.min(1, dMax + hidden) };
}

function ofCategories({ reference, current, unseen }: ComparedColumn) {
  const p = chiSquared(reference, current, { unseen })?.p ?? 1;
  const effect = variationInterval(withUnseen(reference, 0), withUnseen(current, unseen));
  return { test: "chi_squared" as const, p, effect, effectMax: effect.value };
}
