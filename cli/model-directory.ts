import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "./failures";

export type LocalFile = {
  readonly path: string;
  readonly role: "model" | "reference_sample" | "evaluation_sample";
  readonly size: number;
  readonly sha256: string;
  /** Where it lies on this machine. */
  readonly at: string;
};

export type ModelDirectory = {
  readonly files: readonly LocalFile[];
  readonly schema: unknown;
  readonly evaluation: unknown;
  readonly dataset: unknown;
};

/**
 * Reads what makes a version: model.onnx, model.json, evaluation.json, dataset.json, reference.parquet, and
 * evaluation-sample.parquet if it is there. The last three may lie elsewhere, because several versions share them.
 * @throws UsageError naming every file that is missing
 */
export async function readModelDirectory(
  directory: string,
  elsewhere: Readonly<Record<"dataset" | "reference" | "evaluationSample", string | undefined>>,
): Promise<ModelDirectory> {
  const at = {
    model: path.join(directory, "model.onnx"),
    schema: path.join(directory, "model.json"),
    evaluation: path.join(directory, "evaluation.json"),
    dataset: elsewhere.dataset ?? path.join(directory, "dataset.json"),
    reference: elsewhere.reference ?? path.join(directory, "reference.parquet"),
  };
  const found = await Promise.all(Object.values(at).map(isFile));
  const missing = Object.values(at).filter((_, index) => !found[index]);
  const evaluationSample = elsewhere.evaluationSample ?? path.join(directory, "evaluation-sample.parquet");
  const hasSample = await isFile(evaluationSample);
  if (elsewhere.evaluationSample && !hasSample) missing.push(evaluationSample);
  if (missing.length > 0) throw new UsageError(`There is no ${missing.join(", no ")}.`);
  return {
    files: [
      await hashed(at.model, "model.onnx", "model"),
      await hashed(at.reference, "reference.parquet", "reference_sample"),
      ...(hasSample ? [await hashed(evaluationSample, "evaluation-sample.parquet", "evaluation_sample")] : []),
    ],
    schema: await json(at.schema),
    evaluation: await json(at.evaluation),
    dataset: await json(at.dataset),
  };
}

async function isFile(at: string): Promise<boolean> {
  const found = await stat(at).catch(() => undefined);
  return found?.isFile() === true;
}

async function hashed(at: string, name: string, role: LocalFile["role"]): Promise<LocalFile> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of createReadStream(at)) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { path: name, role, size, sha256: hash.digest("hex"), at };
}

async function json(at: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(at, "utf8"));
  } catch (error) {
    throw new UsageError(`${at} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
