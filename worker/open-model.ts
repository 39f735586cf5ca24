// The program of the limited process that looks at what a stranger uploaded: question on standard input, answer on descriptor 3.
import { createHash } from "node:crypto";
import { createReadStream, writeSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Outcome } from "@/lib/registry/commands/conclude-verification";
import { checkModel, inspectModel } from "./check-model";
import { checkEvaluationSample, checkSample } from "./check-sample";
import { type Question, Unfit } from "./verification";

const ANSWER = 3;

async function look({ model, sample, evaluation, schema }: Question): Promise<Outcome> {
  try {
    await checkDigest("The model", model);
    await checkDigest("The reference sample", sample);
    const facts = inspectModel(model.path);
    const { found, rows } = await checkSample(sample.path, schema);
    if (evaluation) {
      await checkDigest("The evaluation sample", evaluation);
      await checkEvaluationSample(evaluation.path, schema);
    }
    return { ok: true, verification: { model: await checkModel(model.path, facts, schema, rows), sample: found } };
  } catch (error) {
    if (error instanceof Unfit) return { ok: false, reason: error.message };
    throw error;
  }
}

/** Not what was uploaded any more: the disk has lost it. */
async function checkDigest(what: string, { path, sha256 }: Question["model"]): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  const actual = hash.digest("hex");
  if (actual !== sha256) throw new Unfit(`${what} in the store has the digest ${actual}, registered is ${sha256}.`);
}

const question = JSON.parse(await text(process.stdin));
// From here on a crash is the doing of the files.
writeSync(ANSWER, "started\n");
writeSync(ANSWER, JSON.stringify(await look(question)));
process.exit(0);
