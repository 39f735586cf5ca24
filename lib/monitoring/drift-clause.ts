import type { Clause, Feature } from "@/lib/contracts/document";
import { driftTestOf } from "@/lib/contracts/drift-test";
import { formatNumber, formatPercent } from "@/lib/format";
import { VIOLATION } from "@/lib/inference/events";
import {
  type ComparedColumn,
  compare,
  type Finding,
  findingsOf,
  type Reference,
  type WindowCounts,
} from "@/lib/monitoring/drift";
import { distanceInterval } from "@/lib/monitoring/effect-interval";
import { ratioInterval } from "@/lib/monitoring/intervals";
import type { Measurement } from "@/lib/monitoring/measurement";
import { estimate } from "@/lib/monitoring/quality";
import { total } from "@/lib/monitoring/two-sample";
import type { Range } from "@/lib/time";

/** How often rows of a window broke what the contract declares. */
export type ViolationSums = {
  readonly n: number;
  /** Rows with at least one value out of range, or of another type. */
  readonly outOfRange: number;
  readonly typeChanged: number;
  /** Rows by code of lib/inference/events.ts (feature x 4 + kind). */
  readonly byCode: ReadonlyMap<number, number>;
};

/** What a drift clause is judged by. */
export type DriftFacts = {
  readonly features: readonly Feature[];
  /** Null: the serving revision has no reference (yet). */
  readonly reference: Reference | null;
  readonly window: WindowCounts | undefined;
  readonly violations: ViolationSums | undefined;
};

type Found = Pick<Measurement, "value" | "low" | "high" | "n" | "note" | "problem">;

/** What a drift clause says of its window, in its unit; the note names the features. */
export function driftMeasurement(clause: Clause, facts: DriftFacts, range: Range): Found {
  if (clause.metric === "out_of_range_ratio" || clause.metric === "type_change_ratio") return violated(clause, facts);
  if (!facts.reference)
    return unknown("the serving version has no reference yet: it is made from its reference sample");
  const compared = facts.window ? compare(facts.reference, facts.window) : null;
  if (!compared) return unknown("no prediction in the window that was compared with this reference");
  const [score, ...features] = compared;
  switch (clause.metric) {
    case "prediction_drift":
      return prediction(score);
    case "missing_ratio":
      return worst(features, clause, (each) => [each.missing, each.rows], "missing");
    case "unseen_ratio":
      return worst(
        features.filter(isKnownByValue),
        clause,
        (each) => [each.unseen, each.rows - each.missing],
        "unseen",
      );
    default:
      return drifted(clause, compared, facts.features, range);
  }
}

const unknown = (problem: string, n = 0): Found => ({ value: null, low: null, high: null, n, note: null, problem });

function drifted(
  clause: Clause,
  compared: readonly ComparedColumn[],
  features: readonly Feature[],
  range: Range,
): Found {
  const { features: found } = findingsOf(compared, features, driftTestOf(clause), range);
  const n = rowsOf(compared);
  const tested = found.filter(({ skipped }) => skipped === null);
  const skipped = found.length - tested.length;
  const untested = skipped === 0 ? null : `${skipped} of ${found.length} features not tested`;
  if (tested.length === 0) return unknown(found[0]?.skipped ?? "the contract names no feature", n);
  const beyond = (end: "low" | "high") =>
    tested.filter(({ changed, effect, limit }) => (changed || end === "high") && (effect?.[end] ?? 0) > (limit ?? 1));
  const left = tested.filter((each) => each.left);
  const note = [left.length === 0 ? null : left.toSorted(byEffect).map(inWords).join(", "), untested];
  return {
    value: left.length,
    low: beyond("low").length,
    high: Math.max(left.length, beyond("high").length),
    ...{ n, note: note.filter((each) => each !== null).join("; ") || null, problem: null },
  };
}

const byEffect = (a: Finding, b: Finding) => (b.effect?.value ?? 0) - (a.effect?.value ?? 0);

const inWords = ({ feature, effect, limit }: Finding) =>
  `${feature} ${formatNumber(effect?.value ?? 0)} (limit ${formatNumber(limit ?? 0)})`;

function prediction(score: ComparedColumn | undefined): Found {
  if (!score || score.column.kind === "excluded") {
    return unknown(`the scores of the reference are not tested: ${score?.column.reason ?? "none"}`);
  }
  const n = total(score.current);
  if (n === 0) return unknown("no score in the window");
  const unseen = (counts: readonly number[], rest: number) => [...counts, rest];
  const effect = distanceInterval(unseen(score.reference, 0), unseen(score.current, score.unseen));
  return { ...effect, n: n + score.unseen, note: null, problem: null };
}

/** The feature with the largest share; its interval, and all that have any. */
function worst(
  columns: readonly ComparedColumn[],
  clause: Clause,
  of: (column: ComparedColumn) => readonly [number, number],
  word: string,
): Found {
  const shares = columns
    .map((each) => ({ name: each.column.name, k: of(each)[0], n: of(each)[1] }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.k / b.n - a.k / a.n);
  const [first] = shares;
  if (!first) return unknown(`no feature can have ${word} values`, rowsOf(columns));
  const named = shares.filter(({ k }) => k > 0).slice(0, 3);
  const note = named.map(({ name, k, n }) => `${name} ${formatPercent(k / n)} ${word}`).join(", ");
  const found = estimate(first.k / first.n, ratioInterval(first.k, first.n, clause.target));
  return { ...found, n: first.n, note: note || null, problem: null };
}

const isKnownByValue = ({ column }: ComparedColumn) => column.kind === "values";

const rowsOf = (columns: readonly ComparedColumn[]) => Math.max(0, ...columns.map(({ rows }) => rows));

const KINDS = {
  out_of_range_ratio: { kind: VIOLATION.range, rows: "outOfRange", word: "out of range" },
  type_change_ratio: { kind: VIOLATION.type, rows: "typeChanged", word: "of another type" },
} as const;

/** Needs no reference: the contract itself says what a value may be. */
function violated(clause: Clause, { violations, features }: DriftFacts): Found {
  if (!violations || violations.n === 0) return unknown("no prediction in the window");
  const { kind, rows, word } =
    KINDS[clause.metric === "type_change_ratio" ? "type_change_ratio" : "out_of_range_ratio"];
  const k = violations[rows];
  const named = [...violations.byCode]
    .filter(([code]) => code % 4 === kind)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([code, n]) => `${features[Math.floor(code / 4)]?.name ?? "?"} ${formatPercent(n / violations.n)} ${word}`);
  const found = estimate(k / violations.n, ratioInterval(k, violations.n, clause.target));
  return { ...found, n: violations.n, note: named.join(", ") || null, problem: null };
}
