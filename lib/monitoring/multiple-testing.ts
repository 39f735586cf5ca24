export type Correction = "benjamini_hochberg" | "bonferroni";

/**
 * p-values corrected for their number, in the order given: reject where the result is at most alpha. Bonferroni bounds the chance of one
 * false alarm, Benjamini and Hochberg (1995) the share of false ones among the alarms.
 */
export function corrected(p: readonly number[], correction: Correction): number[] {
  const m = p.length;
  if (correction === "bonferroni") return p.map((each) => Math.min(1, each * m));
  const order = [...p.keys()].sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0));
  const adjusted = new Array<number>(m).fill(1);
  let least = 1;
  for (const [position, index] of order.entries()) {
    least = Math.min(least, ((p[index] ?? 1) * m) / (m - position));
    adjusted[index] = least;
  }
  return adjusted;
}
