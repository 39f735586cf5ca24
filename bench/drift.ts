import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BaselinePayload } from "@/lib/monitoring/baseline";
import { profileReference } from "@/lib/monitoring/reference-profile";
import { DAY_MS } from "@/lib/time";
import { pythonCommand } from "@/runtime/env";
import { ROOT, TYPESCRIPT } from "@/runtime/typescript-loader";
import { type BenchResult, median, option, rounded } from "./report";

/**
 * One window of a million rows and 20 columns (a score, 11 numbers, 8 categories; five of them shifted) against a frozen reference of as
 * many, each side a process of its own from start to end: ours, numpy with cached bins, Evidently's preset. Same files for all.
 * bench/peers/install.sh makes the Python side; PYTHON names its interpreter. What is missing is said, and its ratio left out.
 */
const COLUMNS = 20;
const CATEGORIES = 8;
const SHIFTED = new Set([2, 5, 9, 13, 17]);

export async function bench(args: readonly string[]): Promise<BenchResult> {
  const rows = option(args, "rows", 1_000_000);
  const rounds = option(args, "rounds", 5);
  const directory = mkdtempSync(path.join(tmpdir(), "bench-drift-"));
  try {
    const files = write(directory, rows);
    const node = process.execPath;
    const ours = [...TYPESCRIPT, path.join(ROOT, "bench/drift-columns.ts"), files.window, files.payload];
    const python = [path.join(ROOT, "bench/peers/drift_numpy.py"), files.window, files.cache];
    const evidently = [path.join(ROOT, "bench/peers/drift_evidently.py"), files.window, files.reference, files.cache];
    const hasNumpy = has("numpy");
    const hasEvidently = has("evidently");
    const [mine, numpy]: [number[], number[]] = [[], []];
    let found = "";
    for (let round = 0; round < rounds; round++) {
      if (hasNumpy) numpy.push(timed(pythonCommand(), python).seconds);
      const { seconds, output } = timed(node, ours);
      mine.push(seconds);
      found = output;
    }
    const peer = hasEvidently ? timed(pythonCommand(), evidently).seconds : null;
    return report({ rows, mine: median(mine), numpy: hasNumpy ? median(numpy) : null, peer, found });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Measured = { rows: number; mine: number; numpy: number | null; peer: number | null; found: string };

function report({ rows, mine, numpy, peer, found }: Measured): BenchResult {
  const seconds = (value: number | null) => (value === null ? "skipped" : `${value.toFixed(2)} s`);
  return {
    table: [
      [`${rows.toLocaleString("en-US")} rows x ${COLUMNS} columns`, "wall, process and reading included"],
      ["ours", seconds(mine)],
      ["numpy, cached bins", seconds(numpy)],
      ["Evidently, DataDriftPreset", seconds(peer)],
      ["left their limits", found.trim()],
    ],
    result: {
      ...(numpy !== null && { ratioToNumpy: rounded(mine / numpy) }),
      ...(peer !== null && { ratioToEvidently: rounded(mine / peer, 4) }),
      seconds: rounded(mine),
    },
  };
}

function has(module: string): boolean {
  const { status } = spawnSync(pythonCommand(), ["-c", `import ${module}`]);
  if (status !== 0) process.stderr.write(`SKIPPED ${module}: ${pythonCommand()} has none (bench/peers/install.sh)\n`);
  return status === 0;
}

function timed(command: string, args: readonly string[]): { seconds: number; output: string } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${path.basename(args.at(-3) ?? command)} failed: ${stderr.slice(-2000)}`);
  return { seconds: (performance.now() - start) / 1000, output: stdout };
}

function write(directory: string, rows: number) {
  const reference = table(rows, 1, false);
  const window = table(rows, 2, true);
  const times = Float64Array.from({ length: rows }, (_, i) => (i / rows) * 28 * DAY_MS);
  const columns = reference.map((values, k) => ({ name: nameOf(k), values }));
  const payload: BaselinePayload = { ...profileReference({ times, columns }), calibrator: null, importance: null };
  const cache = payload.columns.map(({ name, edges, counts }, k) => ({ name, edges, counts, category: isCategory(k) }));
  const at = (name: string) => path.join(directory, name);
  writeFileSync(at("payload.json"), JSON.stringify(payload));
  writeFileSync(at("cache.json"), JSON.stringify(cache));
  for (const [name, parts] of [
    ["reference.f32", reference],
    ["window.f32", window],
  ] as const) {
    writeFileSync(at(name), Buffer.concat(parts.map((part) => Buffer.from(part.buffer))));
  }
  return {
    ...{ payload: at("payload.json"), cache: at("cache.json") },
    ...{ reference: at("reference.f32"), window: at("window.f32") },
  };
}

const isCategory = (k: number) => k >= COLUMNS - CATEGORIES;
const nameOf = (k: number) => (k === 0 ? "score" : isCategory(k) ? `category_${k}` : `number_${k}`);

function table(rows: number, seed: number, shift: boolean): Float32Array<ArrayBuffer>[] {
  const uniform = uniforms(seed);
  return Array.from({ length: COLUMNS }, (_, k) => {
    const by = shift && SHIFTED.has(k) ? 0.3 : 0;
    if (isCategory(k)) return Float32Array.from({ length: rows }, () => Math.floor(12 * uniform() ** (2 - 2 * by)));
    return Float32Array.from(
      { length: rows },
      () => by + Math.sqrt(-2 * Math.log(uniform())) * Math.cos(6.283 * uniform()),
    );
  });
}

/** Deterministic uniform numbers above zero (mulberry32). */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}
