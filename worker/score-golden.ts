// The program of the limited process that scores the first rows of a version's reference sample: question on standard input, answer on
// descriptor 3.
import { writeSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { GoldenAnswer, GoldenQuestion } from "./golden-question";
import { sampleRows } from "./sample-bodies";
import { numberColumns, openScorer } from "./score-rows";
import { Unfit } from "./verification";

const ANSWER = 3;

async function score({ model, sample, schema, output, rows: wanted }: GoldenQuestion): Promise<GoldenAnswer> {
  try {
    const names = numberColumns(schema);
    const rows = (await sampleRows(sample, schema)).slice(0, wanted);
    const columns = new Map(names.map((name, k) => [name, Float32Array.from(rows, (row) => row[k] ?? Number.NaN)]));
    const scorer = await openScorer(model, schema, output);
    const scores = await scorer.score(columns, rows.length);
    return { ok: true, rows, scores: [...scores] };
  } catch (error) {
    if (error instanceof Unfit || error instanceof Error) return { ok: false, reason: error.message };
    throw error;
  }
}

const question: GoldenQuestion = JSON.parse(await text(process.stdin));
const bytes = Buffer.from(JSON.stringify(await score(question)));
for (let at = 0; at < bytes.length; ) at += writeSync(ANSWER, bytes, at);
process.exit(0);
