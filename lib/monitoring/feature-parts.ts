import { formatNumber } from "@/lib/format";
import { BIN } from "@/lib/inference/events";
import type { BaselineColumn } from "@/lib/monitoring/baseline";
import { Z95 } from "@/lib/monitoring/special-functions";

/** What is known of the rows in one bin of a feature; sums are over labelled rows. */
export type BinProfile = {
  readonly bin: number;
  readonly n: number;
  readonly labelled: number;
  readonly positive: number;
  readonly scoreSum: number;
  readonly errorSquares: number;
};

/** A part of a feature's range (a quarter of the reference, one value, no value) and how the model did on its rows. */
export type FeaturePart = {
  /** "≤ 12", "12 to 20", "= 3", "no value". */
  readonly label: string;
  readonly n: number;
  readonly labelled: number;
  /** Share of positives, and mean score: what the model said. Null without labels. */
  readonly observed: number | null;
  readonly expected: number | null;
  /** observed - expected with its 95 % interval. */
  readonly gap: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** Mean squared error. */
  readonly brier: number | null;
};

type Group = { readonly label: string; readonly bins: ReadonlySet<number> };

/** Up to so many distinct values each is a part of its own. */
const MOST_VALUES = 12;
const PARTS = 4;

/** Rows of a feature by part: its values where they are few, else quarters of the reference; and what lies outside of the bins. */
export function featureParts(column: BaselineColumn, profile: readonly BinProfile[]): FeaturePart[] {
  const byBin = new Map(profile.map((each) => [each.bin, each]));
  return [...groupsOf(column), UNSEEN, MISSING].flatMap(({ label, bins }) => {
    const found = [...bins].flatMap((bin) => byBin.get(bin) ?? []);
    const part = partOf(label, found);
    return part.n === 0 ? [] : [part];
  });
}

const UNSEEN: Group = { label: "a value that the reference never had", bins: new Set([BIN.unseen]) };
const MISSING: Group = { label: "no value", bins: new Set([BIN.missing]) };

function groupsOf({ kind, edges, counts }: BaselineColumn): Group[] {
  if (kind === "excluded") return [];
  if (kind === "values" && edges.length <= MOST_VALUES)
    return edges.map((edge, bin) => ({ label: `= ${formatNumber(edge)}`, bins: new Set([bin]) }));
  const ends = quarterEnds(counts);
  return ends.map((end, i) => {
    const first = i === 0 ? 0 : (ends[i - 1] ?? 0) + 1;
    const bins = new Set(Array.from({ length: end - first + 1 }, (_, k) => first + k));
    return { label: rangeLabel(edges[first - 1], edges[end]), bins };
  });
}

function rangeLabel(above: number | undefined, upTo: number | undefined): string {
  if (above === undefined) return upTo === undefined ? "any" : `≤ ${formatNumber(upTo)}`;
  return upTo === undefined ? `> ${formatNumber(above)}` : `${formatNumber(above)} to ${formatNumber(upTo)}`;
}

/** Last bin of each quarter of the counts: at most four, the last one the last bin, none empty. */
function quarterEnds(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, n) => sum + n, 0);
  const ends: number[] = [];
  let seen = 0;
  for (const [bin, n] of counts.entries()) {
    seen += n;
    if (n > 0 && seen >= ((ends.length + 1) * all) / PARTS - 1e-9 && ends.length < PARTS - 1) ends.push(bin);
  }
  const last = counts.length - 1;
  // What lies beyond the last edge belongs to the last part, even if the reference had nothing there.
  if (ends.at(-1) !== last) ends.push(last);
  return ends;
}

function partOf(label: string, bins: readonly BinProfile[]): FeaturePart {
  const total = (key: keyof Omit<BinProfile, "bin">) => bins.reduce((sum, bin) => sum + bin[key], 0);
  const [n, labelled] = [total("n"), total("labelled")];
  if (labelled === 0) return { label, n, labelled, observed: null, expected: null, gap: null, brier: null };
  const observed = total("positive") / labelled;
  const expected = total("scoreSum") / labelled;
  const brier = total("errorSquares") / labelled;
  const value = observed - expected;
  const half = labelled < 2 ? 1 : Z95 * Math.sqrt(Math.max(0, brier - value ** 2) / (labelled - 1));
  return { label, n, labelled, observed, expected, brier, gap: { value, low: value - half, high: value + half } };
}
