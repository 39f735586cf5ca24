import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import type { CanaryShare, GuardReading } from "./rollout";
import {
  differenceWealth,
  distributionBand,
  evidenceOf,
  histogramDistance,
  pairedWealth,
  rateWealth,
  sumOf,
} from "./sequential-test";

type Judged = {
  readonly n: number;
  /** Too few for a doubt to hold anything up. */
  readonly isEarly?: boolean;
  /** Better is lower. */
  readonly value: number;
  readonly limit: number;
  readonly evidence: number;
};

function stateOf({ n, isEarly = false, value, limit, evidence }: Judged): GuardReading["state"] {
  if (n === 0) return "no_data";
  if (evidence >= 1) return "broken";
  if (isEarly) return "no_data";
  return value > limit ? "doubtful" : "holds";
}

type Rate = {
  readonly id: string;
  readonly label: string;
  readonly required: boolean;
  readonly isEarly?: boolean;
  readonly unit: GuardReading["unit"];
  readonly bad: number;
  readonly n: number;
  readonly limit: number;
  readonly alpha: number;
  readonly words: string;
};

/** A rate, or a mean of values in [0, 1], that a clause bounds from above. */
export function rateReading({ bad, n, alpha, ...rate }: Rate): GuardReading {
  const { id, label, required, unit, limit, words, isEarly = false } = rate;
  const evidence = evidenceOf(rateWealth(bad, n, limit), alpha);
  const value = n === 0 ? null : bad / n;
  return {
    ...{ id, kind: "clause", label, required, unit, value, limit, words },
    state: stateOf({ n, isEarly, value: value ?? 0, limit, evidence }),
    margin: value === null ? null : limit - value,
    ...{ evidence: shown(evidence), samples: n, incumbentSamples: null },
  };
}

type Counted = { readonly bad: number; readonly n: number };
type Compared = {
  readonly id: string;
  readonly label: string;
  /** What is bad, for example `were slower than 25 ms`. */
  readonly what: string;
  readonly candidate: Counted;
  readonly incumbent: Counted;
  readonly incumbentName: string;
  readonly share: CanaryShare;
  readonly limit: number;
  readonly alpha: number;
};

/** How much higher a rate is than that of the revision that serves. */
export function comparedRates(of: Compared): GuardReading {
  const { id, label, what, candidate, incumbent, limit, share, alpha, incumbentName } = of;
  const counts = { candidateBad: candidate.bad, incumbentBad: incumbent.bad };
  const wealth = share.shadow
    ? pairedWealth({ ...counts, n: Math.max(candidate.n, incumbent.n) }, limit)
    : differenceWealth({ ...counts, n: candidate.n + incumbent.n }, share.percent / 100, limit);
  const has = candidate.n > 0 && incumbent.n > 0;
  const evidence = has ? evidenceOf(wealth, alpha) : 0;
  const [own, other] = [candidate, incumbent].map(({ bad, n }) => (n === 0 ? 0 : bad / n));
  const value = has ? (own ?? 0) - (other ?? 0) : null;
  const words = has
    ? `${formatPercent(own ?? 0)} of ${formatCount(candidate.n)} requests ${what}, against ${formatPercent(other ?? 0)} of ${formatCount(incumbent.n)} of ${incumbentName}; at most ${formatPercent(limit)} more`
    : `no requests of ${candidate.n === 0 ? "the candidate" : incumbentName} yet`;
  return {
    ...{ id, kind: "comparison", label, required: true, unit: "difference", value, limit, words },
    state: stateOf({ n: has ? candidate.n : 0, value: value ?? 0, limit, evidence }),
    margin: value === null ? null : limit - value,
    ...{ evidence: shown(evidence), samples: candidate.n, incumbentSamples: incumbent.n },
  };
}

type Distance = {
  readonly id: string;
  readonly kind: GuardReading["kind"];
  readonly label: string;
  readonly required: boolean;
  readonly limit: number;
  readonly alpha: number;
  readonly a: readonly number[];
  /** A sample too; null: compared with `reference`, which is what it is. */
  readonly b: readonly number[] | null;
  readonly reference: readonly number[] | null;
  readonly than: string;
};

/** Mean of sqrt(n) times the distance of an empirical distribution function from the true one: sqrt(pi / 2) ln 2 (Kolmogorov 1933). */
const CHANCE = Math.sqrt(Math.PI / 2) * Math.LN2;

/** The largest distance of two distributions of scores, less what chance alone gives on average. */
export function distanceReading({ a, b, reference, limit, alpha, than, ...rest }: Distance): GuardReading {
  const other = b ?? reference ?? [];
  const [n, m] = [sumOf(a), sumOf(other)];
  const has = n > 0 && m > 0;
  const distance = histogramDistance(a, other);
  const level = b ? alpha / 2 : alpha;
  const band = distributionBand(n, level) + (b ? distributionBand(m, level) : 0);
  const evidence = has ? Math.max(0, distance / (limit + band)) : 0;
  const value = has ? Math.max(0, distance - CHANCE * Math.sqrt(1 / n + (b ? 1 / m : 0))) : null;
  return {
    ...{ ...rest, unit: "distance", value, limit, samples: n, incumbentSamples: b ? m : null },
    state: stateOf({ n: has ? n : 0, value: value ?? 0, limit, evidence: distance > limit + band ? 1 : 0 }),
    margin: value === null ? null : limit - value,
    evidence: shown(evidence),
    words: has
      ? `the predictions of ${formatCount(n)} requests are ${formatNumber(value ?? 0)} away from those of ${than}; at most ${formatNumber(limit)}`
      : `no predictions to compare with ${than} yet`,
  };
}

const shown = (evidence: number) => Math.min(1, Number.isFinite(evidence) ? evidence : 1);
