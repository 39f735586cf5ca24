// The program of the limited process that scores a version's reference sample and profiles it: question on standard input, answer on
// descriptor 3.
import { writeSync } from "node:fs";
import { text } from "node:stream/consumers";
import { NotNumbers, readNumbers } from "@/lib/artifacts/number-columns";
import type { BaselinePayload } from "@/lib/monitoring/baseline";
import { isotonic } from "@/lib/monitoring/isotonic";
import { profileReference } from "@/lib/monitoring/reference-profile";
import type { BaselineAnswer, BaselineQuestion } from "./baseline-question";
import { permutationImportance } from "./permutation-importance";
import { numberColumns, openScorer, type Scorer } from "./score-rows";
import { Unfit } from "./verification";

const ANSWER = 3;

async function profile({ model, sample, evaluation, schema, output }: BaselineQuestion): Promise<BaselineAnswer> {
  try {
    const names = numberColumns(schema);
    const scorer = await openScorer(model, schema, output);
    const { rows, numbers, times } = await readNumbers(sample, names);
    const score = { name: "score", values: await scorer.score(numbers, rows) };
    const features = names.map((name) => ({
      name,
      values: numbers.get(name) ?? new Float32Array(rows).fill(Number.NaN),
    }));
    const labelled = evaluation === null ? null : await fromLabels(scorer, evaluation, names);
    return {
      ok: true,
      payload: {
        ...profileReference({ times, columns: [score, ...features] }),
        calibrator: labelled?.calibrator ?? null,
        importance: labelled?.importance ?? null,
        output,
      },
    };
  } catch (error) {
    if (error instanceof Unfit || error instanceof NotNumbers) return { ok: false, reason: error.message };
    throw error;
  }
}

type Labelled = Pick<BaselinePayload, "calibrator" | "importance">;

async function fromLabels(scorer: Scorer, path: string, names: readonly string[]): Promise<Labelled> {
  const { rows, numbers } = await readNumbers(path, [...names, "label"]);
  const labels = numbers.get("label") ?? new Float32Array();
  const wrong = labels.findIndex((label) => label !== 0 && label !== 1);
  if (wrong >= 0) throw new Unfit(`label of row ${wrong} of the evaluation sample is ${labels[wrong]}, not 0 or 1.`);
  const columns = new Map(names.map((name) => [name, numbers.get(name) ?? new Float32Array(rows)]));
  return {
    calibrator: isotonic(await scorer.score(columns, rows), labels),
    importance: await permutationImportance(scorer, columns, labels),
  };
}

/** All of it, however small the pipe. */
function answer(message: string): void {
  const bytes = Buffer.from(message);
  for (let at = 0; at < bytes.length; ) at += writeSync(ANSWER, bytes, at);
}

const question: BaselineQuestion = JSON.parse(await text(process.stdin));
answer("started\n");
answer(JSON.stringify(await profile(question)));
process.exit(0);
