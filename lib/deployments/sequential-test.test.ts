import { describe, expect, it } from "vitest";
import {
  differenceWealth,
  distributionBand,
  evidenceOf,
  histogramDistance,
  pairedWealth,
  rateWealth,
} from "./sequential-test";

/** mulberry32: the same numbers on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ALPHA = 0.05;
const REPEATS = 400;
/** Three standard errors above the level: what 400 runs of a test that holds it exactly may show. */
const ALLOWED = Math.ceil(REPEATS * ALPHA + 3 * Math.sqrt(REPEATS * ALPHA * (1 - ALPHA)));

/** In how many of the runs the test says "worse" at any of `samples` looks, one after every sample; and the median look of those. */
function alarms(samples: number, run: (random: () => number) => (t: number) => boolean) {
  const at: number[] = [];
  for (let seed = 1; seed <= REPEATS; seed++) {
    const look = run(randomOf(seed * 7919));
    for (let t = 1; t <= samples; t++) {
      if (!look(t)) continue;
      at.push(t);
      break;
    }
  }
  at.sort((a, b) => a - b);
  return { count: at.length, median: at[Math.floor(at.length / 2)] ?? Number.POSITIVE_INFINITY };
}

const isProven = (wealth: number) => evidenceOf(wealth, ALPHA) >= 1;

function rateRun(rateAt: (t: number) => number, limit: number) {
  return (random: () => number) => {
    let bad = 0;
    return (t: number) => {
      if (random() < rateAt(t)) bad += 1;
      return isProven(rateWealth(bad, t, limit));
    };
  };
}

function splitRun(share: number, margin: number, rates: (t: number) => { candidate: number; incumbent: number }) {
  return (random: () => number) => {
    const counts = { candidateBad: 0, incumbentBad: 0, n: 0 };
    return (t: number) => {
      const toCandidate = random() < share;
      const isBad = random() < rates(t)[toCandidate ? "candidate" : "incumbent"];
      if (isBad) counts[toCandidate ? "candidateBad" : "incumbentBad"] += 1;
      counts.n = t;
      return isProven(differenceWealth(counts, share, margin));
    };
  };
}

describe("a rate against its limit, looked at after every sample", () => {
  it.each([0.001, 0.01, 0.05, 0.3])(
    "cries wolf at most at its level when the rate is exactly the limit %d",
    (limit) => {
      expect(
        alarms(
          1500,
          rateRun(() => limit, limit),
        ).count,
      ).toBeLessThanOrEqual(ALLOWED);
    },
  );

  it("holds its level while the rate swings within the limit", () => {
    const swinging = (t: number) => (t % 200 < 100 ? 0.01 : 0);
    expect(alarms(1500, rateRun(swinging, 0.01)).count).toBeLessThanOrEqual(ALLOWED);
  });

  it("sees three times the signed share within some hundred samples, and a broken model within five", () => {
    const tripled = alarms(
      3000,
      rateRun(() => 0.03, 0.01),
    );
    expect(tripled.count).toBe(REPEATS);
    expect(tripled.median).toBeLessThan(600);
    expect(
      alarms(
        50,
        rateRun(() => 0.95, 0.01),
      ).median,
    ).toBeLessThanOrEqual(5);
  });

  it("counts a value between nothing and one as that part of a one", () => {
    expect(rateWealth(30, 100, 0.25)).toBeLessThan(rateWealth(60, 100, 0.25));
    expect(rateWealth(0, 0, 0.25)).toBe(0);
    expect(rateWealth(1, 10, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(rateWealth(10, 10, 1)).toBe(0);
  });
});

describe("a candidate against the incumbent, looked at after every sample", () => {
  it.each([0.05, 0.1, 0.5])(
    "cries wolf at most at its level when it is worse by exactly the margin, at a share of %d",
    (share) => {
      const rates = () => ({ candidate: 0.03, incumbent: 0.01 });
      expect(alarms(1500, splitRun(share, 0.02, rates)).count).toBeLessThanOrEqual(ALLOWED);
    },
  );

  it("is not fooled by a bad hour of both", () => {
    const rates = (t: number) => (t % 400 < 100 ? { candidate: 0.6, incumbent: 0.6 } : { candidate: 0, incumbent: 0 });
    expect(alarms(1500, splitRun(0.1, 0.02, rates)).count).toBeLessThanOrEqual(ALLOWED);
  });

  it("sees a degraded candidate at a tenth of the requests within three dozen of its answers", () => {
    const found = alarms(
      3000,
      splitRun(0.1, 0.02, () => ({ candidate: 0.5, incumbent: 0.01 })),
    );
    expect(found.count).toBe(REPEATS);
    expect(found.median * 0.1).toBeLessThan(36);
  });

  it("holds its level for a shadow whose bad answers come together with the incumbent's", () => {
    const run = (random: () => number) => {
      const counts = { candidateBad: 0, incumbentBad: 0, n: 0 };
      return (t: number) => {
        const [both, one] = [random() < 0.1, random() < 0.02];
        if (both || one) counts.candidateBad += 1;
        if (both) counts.incumbentBad += 1;
        counts.n = t;
        return isProven(pairedWealth(counts, 0.02));
      };
    };
    expect(alarms(1500, run).count).toBeLessThanOrEqual(ALLOWED);
  });
});

describe("two distributions, looked at after every sample", () => {
  const BINS = 40;
  function bandRun(shift: number, margin: number) {
    return (random: () => number) => {
      const [a, b] = [new Array<number>(BINS).fill(0), new Array<number>(BINS).fill(0)];
      return (t: number) => {
        for (const [counts, moved] of [
          [a, shift],
          [b, 0],
        ] as const) {
          const bin = Math.min(BINS - 1, Math.floor((random() * (1 - moved) + moved) * BINS));
          counts[bin] = (counts[bin] ?? 0) + 1;
        }
        return histogramDistance(a, b) - 2 * distributionBand(t, ALPHA / 2) > margin;
      };
    };
  }

  it("cries wolf at most at its level when nothing changed", () => {
    expect(alarms(600, bandRun(0, 0)).count).toBeLessThanOrEqual(ALLOWED);
  });

  it("sees predictions that moved by three tenths", () => {
    expect(alarms(1500, bandRun(0.3, 0.1)).count).toBe(REPEATS);
  });

  it("measures the largest distance of the two distribution functions", () => {
    expect(histogramDistance([1, 1, 0], [0, 1, 1])).toBeCloseTo(0.5, 12);
    expect(histogramDistance([], [1, 2])).toBe(0);
    expect(distributionBand(0, 0.01)).toBe(1);
    expect(distributionBand(10_000, 0.05)).toBeCloseTo(
      0.85 * Math.sqrt((Math.log(Math.log(Math.E * 10_000)) + 0.8 * Math.log(32_240)) / 10_000),
      12,
    );
  });
});
