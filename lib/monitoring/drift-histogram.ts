import { formatNumber } from "@/lib/format";
import { BIN } from "@/lib/inference/events";
import type { BaselineColumn } from "@/lib/monitoring/baseline";

const MOST_BARS = 20;

type Bar = { readonly bin: number; readonly label: string; readonly reference: number; readonly window: number };

/**
 * Reference and window side by side in at most 20 bars (and one each for what has no bin): neighbouring bins are joined so that the bars
 * hold about the same share of the reference. `window`: rows by bin. Shares are of all rows, those without a value included.
 */
export function driftHistogram(column: BaselineColumn, window: ReadonlyMap<number, number>): Bar[] {
  const { counts, edges, kind, missing } = column;
  const rows = [...window.values()].reduce((sum, n) => sum + n, 0);
  const all = counts.reduce((sum, n) => sum + n, 0) + missing;
  const bar = (bin: number, label: string, inReference: number, inWindow: number): Bar => ({
    bin,
    label,
    reference: all === 0 ? 0 : inReference / all,
    window: rows === 0 ? 0 : inWindow / rows,
  });
  const bars = joinedBins(counts).map(({ first, last }) => {
    const label = labelOf(kind, edges, first, last);
    return bar(first, label, sumBins(counts, first, last), sumBins(window, first, last));
  });
  const outside = [
    bar(BIN.unseen, "unseen", 0, window.get(BIN.unseen) ?? 0),
    bar(BIN.missing, "no value", missing, window.get(BIN.missing) ?? 0),
  ];
  return [...bars, ...outside].filter((each) => each.reference > 0 || each.window > 0);
}

function labelOf(kind: BaselineColumn["kind"], edges: readonly number[], first: number, last: number): string {
  const [above, from, upTo] = [edges[first - 1], edges[first], edges[last]];
  if (kind === "values" && from !== undefined && first === last) return formatNumber(from);
  if (kind === "values" && from !== undefined)
    return `${formatNumber(from)} – ${formatNumber(upTo ?? edges.at(-1) ?? from)}`;
  if (above === undefined) return upTo === undefined ? "any" : `≤ ${formatNumber(upTo)}`;
  return upTo === undefined ? `> ${formatNumber(above)}` : `${formatNumber(above)} – ${formatNumber(upTo)}`;
}

function sumBins(counts: readonly number[] | ReadonlyMap<number, number>, first: number, last: number): number {
  let sum = 0;
  for (let bin = first; bin <= last; bin++) sum += ("get" in counts ? counts.get(bin) : counts[bin]) ?? 0;
  return sum;
}

/** Neighbouring bins joined to at most 20 ranges of about equal count. */
function joinedBins(counts: readonly number[]): { readonly first: number; readonly last: number }[] {
  const bars = Math.min(MOST_BARS, counts.length);
  const all = counts.reduce((sum, n) => sum + n, 0);
  const ranges: { first: number; last: number }[] = [];
  let first = 0;
  let seen = 0;
  for (const [bin, n] of counts.entries()) {
    seen += n;
    const left = counts.length - 1 - bin;
    const enough = counts.length <= MOST_BARS || seen >= ((ranges.length + 1) * all) / bars - 1e-9;
    if (left > 0 && !(enough && ranges.length < bars - 1)) continue;
    ranges.push({ first, last: bin });
    first = bin + 1;
  }
  return ranges;
}
