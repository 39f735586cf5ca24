import { logGamma } from "@/lib/monitoring/special-functions";

/**
 * Tail of Kolmogorov's one-sample statistic D for n values, what scipy calls `kstwo`, by the regimes of Simard and L'Ecuyer, "Computing
 * the Two-Sided Kolmogorov-Smirnov Distribution", J. Stat. Softw. 39 (2011): Marsaglia, Tsang and Wang's matrix (small n), the exact
 * one-sided sum (tails), Pelz and Good's expansion (large n). Checked against scipy to 1e-9.
 */

const SMALL_N = 140;
/** From n D² on twice the one-sided tail is the two-sided one, to double precision; and from this one on it is zero. */
const TAIL = 2.2;
const VANISHED = 370;

/** P(D_n >= d) for n >= 1. */
export function kolmogorovTail(n: number, d: number): number {
  const t = n * d;
  if (d >= 1) return 0;
  if (t <= 0.5) return 1;
  if (t <= 1) return 1 - Math.exp(logGamma(n + 1) - n * Math.log(n) + n * Math.log(2 * t - 1));
  if (t >= n - 1) return 2 * (1 - d) ** n;
  const strength = t * d;
  if (d >= 0.5) return 2 * oneSidedTail(n, d);
  if (n <= SMALL_N) return strength <= 4 ? 1 - marsaglia(n, d) : 2 * oneSidedTail(n, d);
  if (strength >= VANISHED) return 0;
  if (strength >= TAIL) return 2 * oneSidedTail(n, d);
  return 1 - (n <= 2000 && n * d ** 1.5 <= 1.4 ? marsaglia(n, d) : pelzGood(n, d));
}

/** Kolmogorov's limit law: P(sqrt(n) D_n >= x) for n without bound. */
export function kolmogorovLimitTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) return 1 - limitCdf(x);
  let sum = 0;
  for (let k = 1; k < 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}

function limitCdf(x: number): number {
  let sum = 0;
  for (let k = 1; k < 40; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

/** Terms of the one-sided sum that are looked at; the sum of a smooth bell needs no more. */
const MOST_TERMS = 512;

/**
 * P(D_n^+ >= d), Smirnov's sum of C(n, v) d (d + v/n)^(v-1) (1 - d - v/n)^(n-v): each term is a binomial probability times d / (d + v/n),
 * taken by Loader's saddle point so that nothing large cancels. Large n: every h-th term (trapezoid rule, exact for a bell that vanishes
 * with its derivatives at both ends).
 */
function oneSidedTail(n: number, d: number): number {
  const last = Math.floor(n * (1 - d) - 1e-12);
  const step = Math.max(1, Math.floor((last + 1) / MOST_TERMS));
  let sum = step === 1 ? Math.exp(n * Math.log1p(-d)) : 0;
  for (let v = step === 1 ? 1 : step; v <= last; v += step) sum += smirnovTerm(n, d, v) * step;
  return Math.min(1, sum);
}

function smirnovTerm(n: number, d: number, v: number): number {
  const q = d + v / n;
  if (v === n) return q ** (n - 1) * d;
  const rest = n - v;
  const spread = -v * deviance((n * d) / v) - rest * deviance((-n * d) / rest);
  const stirling = stirlingError(n) - stirlingError(v) - stirlingError(rest);
  return (Math.sqrt(n / (2 * Math.PI * v * rest)) * Math.exp(stirling + spread) * d) / q;
}

/** With m = x (1 + e): (x ln(x / m) + m - x) / x = e - ln(1 + e), without cancellation for small e. */
function deviance(e: number): number {
  if (Math.abs(e) > 0.01) return e - Math.log1p(e);
  let sum = 0;
  let power = e * e;
  for (let k = 2; k < 14; k++) {
    sum += (k % 2 === 0 ? power : -power) / k;
    power *= e;
  }
  return sum;
}

/** ln n! less Stirling's formula. */
function stirlingError(n: number): number {
  if (n < 16) return logGamma(n + 1) - ((n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI));
  const n2 = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / n2) / n2) / n2) / n2) / n;
}

/** P(D_n < d) by the power of Marsaglia, Tsang and Wang's matrix (J. Stat. Softw. 8, 2003), scaled against overflow. */
function marsaglia(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const power = matrixPower(stepMatrix(size, h), size, n);
  let value = power.matrix[(k - 1) * size + k - 1] ?? 0;
  let exponent = power.exponent;
  for (let i = 1; i <= n; i++) {
    value = (value * i) / n;
    if (value < 1e-140) {
      value *= 1e140;
      exponent -= 140;
    }
  }
  return value * 10 ** exponent;
}

function stepMatrix(size: number, h: number): Float64Array {
  const matrix = new Float64Array(size * size);
  const at = (i: number, j: number) => i * size + j;
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[at(i, j)] = i - j + 1 < 0 ? 0 : 1;
  for (let i = 0; i < size; i++) {
    matrix[at(i, 0)] = (matrix[at(i, 0)] ?? 0) - h ** (i + 1);
    matrix[at(size - 1, i)] = (matrix[at(size - 1, i)] ?? 0) - h ** (size - i);
  }
  const corner = at(size - 1, 0);
  matrix[corner] = (matrix[corner] ?? 0) + (2 * h - 1 > 0 ? (2 * h - 1) ** size : 0);
  for (let i = 0; i < size; i++) {
    let factorial = 1;
    for (let j = i; j >= 0; j--) {
      factorial *= i - j + 1;
      matrix[at(i, j)] = (matrix[at(i, j)] ?? 0) / factorial;
    }
  }
  return matrix;
}

type Scaled = { readonly matrix: Float64Array; readonly exponent: number };

function matrixPower(matrix: Float64Array, size: number, n: number): Scaled {
  if (n === 1) return { matrix, exponent: 0 };
  const half = matrixPower(matrix, size, n >> 1);
  let squared = product(half.matrix, half.matrix, size);
  if (n % 2 === 1) squared = product(matrix, squared, size);
  const exponent = 2 * half.exponent;
  const middle = squared[(size >> 1) * size + (size >> 1)] ?? 0;
  return middle > 1e140
    ? { matrix: squared.map((each) => each * 1e-140), exponent: exponent + 140 }
    : { matrix: squared, exponent };
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) out[i * size + j] = (out[i * size + j] ?? 0) + factor * (b[k * size + j] ?? 0);
    }
  }
  return out;
}

/** P(D_n < d) by Pelz and Good's expansion in powers of 1 / sqrt(n) (J. R. Stat. Soc. B 38, 1976), four terms. */
function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const [pi2, z2] = [Math.PI ** 2, z * z];
  const [pi4, pi6, z4, z6] = [pi2 * pi2, pi2 ** 3, z2 * z2, z2 ** 3];
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (let k = 20; k >= 0; k--) {
    const m = (k + 0.5) ** 2;
    const half = Math.exp((-m * pi2) / (2 * z2));
    sums[0] += half;
    sums[1] += (pi2 * m - z2) * half;
    sums[2] += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * m + pi4 * (1 - 2 * z2) * m * m) * half;
    sums[3] +=
      (-30 * z6 -
        90 * z6 * z2 +
        pi2 * (135 * z4 - 96 * z6) * m +
        pi4 * (-60 * z2 + 212 * z4) * m * m +
        pi6 * (5 - 30 * z2) * m ** 3) *
      half;
  }
  let [extra2, extra3] = [0, 0];
  for (let k = 20; k >= 1; k--) {
    const whole = Math.exp((-k * k * pi2) / (2 * z2));
    extra2 += k * k * whole;
    extra3 += (3 * pi2 * k * k * z2 - pi4 * k ** 4) * whole;
  }
  const root = Math.sqrt(2 * Math.PI);
  const terms = [
    (root / z) * sums[0],
    ((root / 2) * sums[1]) / (3 * z4),
    (root / 2) * (sums[2] / (36 * z6 * z)) - ((root / 2) * pi2 * extra2) / (18 * z * z2),
    ((root / 2) * sums[3]) / (3240 * z4 * z6) + ((root / 2) * extra3) / (108 * z6),
  ];
  return terms.reduce((sum, term, i) => sum + term / n ** (i / 2), 0);
}
