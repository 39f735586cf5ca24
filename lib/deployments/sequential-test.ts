/**
 * Tests that may be looked at after every sample: the chance that one EVER says "worse" of what is not stays below its level `alpha`,
 * however often and whenever one looks, and one may stop at any time.
 *
 * The first two are wealth of a bet against "not worse": it multiplies by a factor whose mean is at most 1 while that is true, so by
 * Ville's inequality it reaches 1 / alpha with probability at most alpha (Waudby-Smith and Ramdas, "Estimating means of bounded random
 * variables by betting", JRSS B 86, 2024). Averaging over a fixed set of stakes keeps that. The factors depend on each request's
 * outcome alone, so the wealth follows from counts, and rates may change over time as long as they stay within the limit.
 */

/** Stakes as a share of the largest that cannot lose everything. From "twice as bad" to "a hair worse". */
const STAKES = [0.9, ...Array.from({ length: 12 }, (_, k) => 2 ** -(k + 1))];

/**
 * Natural logarithm of the wealth of a bet against "the mean of values in [0, 1] is at most `limit`". `sum` of `n` values; a value
 * between 0 and 1 counts as that part of a one, which can only lower it (the logarithm is concave). 0 without data.
 */
export function rateWealth(sum: number, n: number, limit: number): number {
  if (n === 0) return 0;
  if (limit <= 0) return sum > 0 ? Number.POSITIVE_INFINITY : 0;
  if (limit >= 1) return 0;
  return mixture((stake) => {
    const lambda = stake / limit;
    return sum * Math.log1p(lambda * (1 - limit)) + (n - sum) * Math.log1p(-lambda * limit);
  });
}

/** Bad outcomes of both revisions, among `n` requests of both together. */
export type TwoCounts = { readonly candidateBad: number; readonly incumbentBad: number; readonly n: number };

/**
 * Natural logarithm of the wealth of a bet against "the candidate's rate is at most `margin` above the incumbent's", where each request
 * goes to the candidate with probability `share`: bad/share of a candidate's request and -bad/(1 - share) of an incumbent's has just that
 * difference as its mean, whatever the rates of the moment are (inverse probability weighting).
 */
export function differenceWealth({ candidateBad, incumbentBad, n }: TwoCounts, share: number, margin: number): number {
  return wealthOf({ candidateBad, incumbentBad, n }, { gain: 1 / share, loss: 1 / (1 - share) }, margin);
}

/** The same where both answered each of `n` requests (a shadow). Two bad answers to one request count as two: never above the true wealth. */
export function pairedWealth(counts: TwoCounts, margin: number): number {
  return wealthOf(counts, { gain: 1, loss: 1 }, margin);
}

function wealthOf(
  { candidateBad, incumbentBad, n }: TwoCounts,
  { gain, loss }: { readonly gain: number; readonly loss: number },
  margin: number,
): number {
  const others = Math.max(0, n - candidateBad - incumbentBad);
  return mixture((stake) => {
    const lambda = stake / (loss + margin);
    const won = candidateBad * Math.log1p(lambda * (gain - margin));
    const lost = incumbentBad * Math.log1p(-lambda * (loss + margin));
    return won + lost + others * Math.log1p(-lambda * margin);
  });
}

/** Logarithm of the mean of the wealths of all stakes. */
function mixture(logWealth: (stake: number) => number): number {
  const logs = STAKES.map(logWealth);
  const highest = Math.max(...logs);
  return highest + Math.log(logs.reduce((sum, each) => sum + Math.exp(each - highest), 0) / logs.length);
}

/** How much of the evidence that is needed at level `alpha` a wealth is: 1 and above is enough. */
export function evidenceOf(logWealth: number, alpha: number): number {
  return Math.max(0, logWealth / Math.log(1 / alpha));
}

/**
 * Half-width of a band around the empirical distribution function of `n` independent values in which the true one lies at all times, with
 * probability 1 - `alpha`: .85 sqrt((log log(e n) + .8 log(1612 / alpha)) / n) (Howard and Ramdas, "Sequential estimation of quantiles
 * with applications to A/B testing and best-arm identification", Bernoulli 28(3), 2022, the time-uniform form of
 * Dvoretzky-Kiefer-Wolfowitz). 1 without data.
 */
export function distributionBand(n: number, alpha: number): number {
  if (n < 1) return 1;
  return Math.min(1, 0.85 * Math.sqrt((Math.log(Math.log(Math.E * n)) + 0.8 * Math.log(1612 / alpha)) / n));
}

/** Largest distance of the distribution functions of two histograms over the same bins in order; 0 when one is empty. */
export function histogramDistance(a: readonly number[], b: readonly number[]): number {
  const [na, nb] = [sumOf(a), sumOf(b)];
  if (na === 0 || nb === 0) return 0;
  let [fa, fb, largest] = [0, 0, 0];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    fa += (a[i] ?? 0) / na;
    fb += (b[i] ?? 0) / nb;
    largest = Math.max(largest, Math.abs(fa - fb));
  }
  return largest;
}

export const sumOf = (counts: readonly number[]): number => counts.reduce((sum, each) => sum + each, 0);
