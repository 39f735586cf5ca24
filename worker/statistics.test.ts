import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { kolmogorovTail } from "@/lib/monitoring/kolmogorov";
import { corrected } from "@/lib/monitoring/multiple-testing";
import { chiSquared, distanceP, kolmogorovSmirnov } from "@/lib/monitoring/two-sample";
import { pythonCommand } from "@/runtime/env";

const python = pythonCommand();
const found = spawnSync(python, ["-c", "from scipy.stats import false_discovery_control"], { encoding: "utf8" });
const missing = found.status === 0 ? null : (found.stderr?.trim().split("\n").at(-1) ?? `${python} is not installed`);
if (missing) process.stderr.write(`SKIPPED scipy: ${missing} (PYTHON names another interpreter)\n`);

/** Deterministic numbers in [0, 1). */
const spread = (i: number, step: number) => (i * step) % 1;

const samples = [
  [40, 60],
  [500, 500],
  [900, 1700],
  [6000, 2500],
].map(([n = 1, m = 1], k) => ({
  kind: "ks",
  a: Array.from({ length: n }, (_, i) => spread(i + 1, 0.618033988749895)),
  // Rounded: ties within and between the samples.
  b: Array.from({ length: m }, (_, i) => Math.round(100 * spread(i + 1, 0.414213562373095) ** (1 + k / 20)) / 100),
}));
const tails = [3, 50, 140, 141, 1000, 6300, 60_000, 500_000].flatMap((n) =>
  [0.3, 0.8, 1.5, 2.5, 5, 12, 40].map((strength) => ({ kind: "kstwo", n, d: Math.sqrt(strength / n) })),
);
const tables = [
  [
    [120, 40, 9, 31],
    [1200, 480, 70, 250],
  ],
  [
    [60_000, 500],
    [118_000, 1200],
  ],
].map((table) => ({ kind: "chi2", table }));
const p = Array.from({ length: 40 }, (_, i) => spread(i + 1, 0.7548776662466927) ** 3);

describe.skipIf(missing !== null)(`scipy${missing ? ` (skipped: ${missing})` : ""}`, () => {
  test("agrees with ours to 1e-9 on samples of its own", () => {
    const questions = [...samples, ...tails.filter(({ d }) => d < 1), ...tables, { kind: "bh", p }];
    const script = path.join(import.meta.dirname, "statistics.check.py");
    const run = spawnSync(python, [script], { input: JSON.stringify(questions), encoding: "utf8", timeout: 60_000 });
    expect(run.stderr).toBe("");
    const answers: Record<string, number | number[]>[] = JSON.parse(run.stdout);
    const ours = questions.map(answerOf);
    for (const [i, theirs] of answers.entries()) {
      for (const [key, value] of Object.entries(theirs))
        near(ours[i]?.[key], value, `${JSON.stringify(questions[i]).slice(0, 80)} ${key}`);
    }
    expect(answers).toHaveLength(questions.length);
  }, 90_000);
});

type Question = {
  readonly kind: string;
  readonly a?: number[];
  readonly b?: number[];
  readonly n?: number;
  readonly d?: number;
  readonly table?: number[][];
  readonly p?: number[];
};

function answerOf({
  kind,
  a = [],
  b = [],
  n = 1,
  d = 0,
  table = [],
  p = [],
}: Question): Record<string, number | number[]> {
  if (kind === "ks") {
    const { d: distance, p: exact } = kolmogorovSmirnov(a, b);
    return { d: distance, exact, asymptotic: distanceP(distance, a.length, b.length) };
  }
  if (kind === "kstwo") return { sf: kolmogorovTail(n, d) };
  if (kind === "bh") return { adjusted: corrected(p, "benjamini_hochberg") };
  const {
    statistic = Number.NaN,
    p: chance = Number.NaN,
    df = 0,
  } = chiSquared(table[0] ?? [], table[1] ?? [], { pool: false }) ?? {};
  return { statistic, p: chance, df };
}

function near(actual: number | number[] | undefined, expected: number | number[], what: string): void {
  const [ours, theirs] = [[actual ?? Number.NaN].flat(), [expected].flat()];
  for (const [i, value] of theirs.entries()) {
    const difference = Math.abs((ours[i] ?? Number.NaN) - value);
    expect(difference, `${what}: ${ours[i]} is not ${value}`).toBeLessThanOrEqual(
      Math.max(1e-9 * Math.abs(value), 1e-12),
    );
  }
}
