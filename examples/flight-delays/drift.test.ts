import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readNumbers } from "@/lib/artifacts/number-columns";
import type { Feature } from "@/lib/contracts/document";
import { DEFAULT_DRIFT_TEST } from "@/lib/contracts/drift-test";
import { type BaselinePayload, countBins } from "@/lib/monitoring/baseline";
import { compare, findingsOf } from "@/lib/monitoring/drift";
import { profileReference } from "@/lib/monitoring/reference-profile";
import { DAY_MS } from "@/lib/time";
import { openScorer, type Scorer } from "@/worker/score-rows";
import { FEATURES, HISTORY_S, PointInTimeFeatures } from "./features";
import { readFlights } from "./flights";

const MODELS = path.join(import.meta.dirname, "models");
/** The first Monday after training, and the end of the data. */
const START = Date.UTC(2001, 2, 5);
const END = Date.UTC(2001, 6, 1);
const WEEK = 7 * DAY_MS;
/** One flight in so many: about 7,000 a week. */
const SAMPLED = 17;
const FEATURE_LIST: readonly Feature[] = FEATURES.map((name) => ({ name, type: "number" as const }));

let reference: BaselinePayload;
let weeks: readonly Week[];
type Week = {
  readonly from: number;
  readonly to: number;
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly score: Float32Array;
};

beforeAll(async () => {
  const schema = JSON.parse(await readFile(path.join(MODELS, "v2/model.json"), "utf8"));
  const scorer = await openScorer(path.join(MODELS, "v2/model.onnx"), schema, { name: "probabilities", index: 1 });
  const { rows, numbers, times } = await readNumbers(path.join(MODELS, "reference.parquet"), FEATURES);
  const columns = [
    { name: "score", values: await scorer.score(numbers, rows) },
    ...FEATURES.map((name) => ({ name, values: numbers.get(name) ?? new Float32Array() })),
  ];
  reference = { ...profileReference({ times, columns }), calibrator: null, importance: null };
  weeks = await readWeeks(scorer);
  await scorer.close();
}, 180_000);

async function readWeeks(scorer: Scorer): Promise<Week[]> {
  const flights = await readFlights(START / 1000 - HISTORY_S);
  const pointInTime = new PointInTimeFeatures(flights);
  const found: number[][] = [];
  for (let i = 0; i < flights.count; i++) {
    const at = (flights.at[i] ?? 0) * 1000;
    if (at < START || i % SAMPLED !== 0) continue;
    const week = Math.floor((at - START) / WEEK);
    found[week] ??= [];
    found[week]?.push(...pointInTime.at(i).values);
  }
  return Promise.all(found.map((rows, week) => weekOf(scorer, rows, week)));
}

async function weekOf(scorer: Scorer, rows: readonly number[], week: number): Promise<Week> {
  const n = rows.length / FEATURES.length;
  const column = (k: number) => Float32Array.from({ length: n }, (_, i) => rows[i * FEATURES.length + k] ?? Number.NaN);
  const values = new Map<string, Float32Array>(FEATURES.map((name, k) => [name, column(k)]));
  const from = START + week * WEEK;
  return { from, to: Math.min(END, from + WEEK), values, score: await scorer.score(values, n) };
}

/** What the product says of a week: its daily counts, its tests. */
function findings({ from, to, values, score }: Week) {
  const counted = reference.columns.map((column) => countBins(values.get(column.name) ?? score, column));
  const bins = counted.map(({ counts }) => [...counts.keys(), 254, 255]);
  const counts = counted.map((each) => [...each.counts, each.unseen, each.missing]);
  const compared = compare({ payload: reference }, { bins, counts });
  if (!compared) throw new Error("an empty week");
  return findingsOf(compared, FEATURE_LIST, DEFAULT_DRIFT_TEST, { from, to });
}

const monday = ({ from }: Week) => new Date(from).toISOString().slice(5, 10);

describe("drift of the flights after the training of v2, limits learned from its own weeks", () => {
  test("alarms in the six weeks of 23 April to 3 June and in no other", () => {
    const alarms = weeks.filter((week) => findings(week).features.some(({ left }) => left));
    expect(weeks).toHaveLength(17);
    expect(alarms.map(monday)).toEqual(["04-23", "04-30", "05-07", "05-14", "05-21", "05-28"]);
  });

  test("the plain rule, p at most .05 of any feature, alarms in 17 of 17 weeks: it says changed, not how much", () => {
    const alarms = weeks.filter((week) => findings(week).features.some(({ p }) => p !== null && p <= 0.05));
    expect(alarms).toHaveLength(17);
  });

  test("the history of the routes is what lasts: beyond its limit from 7 May to 3 June", () => {
    const routes = weeks.filter((week) =>
      findings(week).features.some(({ feature, left }) => left && feature === "route_late_28d"),
    );
    expect(routes.map(monday)).toEqual(["05-07", "05-14", "05-21", "05-28"]);
  });

  test("predictions are beyond the signed .236 from 23 April to 20 May", () => {
    const beyond = weeks.filter((week) => (findings(week).score.effect?.low ?? 0) > 0.236);
    expect(beyond.map(monday)).toEqual(["04-23", "04-30", "05-07", "05-14"]);
  });

  test("weekday follows the calendar, and the last, broken week is not held against it", () => {
    const last = weeks.at(-1);
    if (!last) throw new Error("no week");
    const weekday = findings(last).features.find(({ feature }) => feature === "weekday");
    expect(weekday).toMatchObject({ skipped: expect.stringContaining("whole weeks"), p: null, left: false });
  });
});
