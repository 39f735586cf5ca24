import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { RevisionConfig } from "@/lib/inference/desired-state";
import { type LoadedModel, type LoadOptions, loadModel } from "./model";
import { RevisionRefused, type RevisionShape, revisionShape } from "./revision-check";
import { RowMarker } from "./row-bins";

export type LoadedRevision = { config: RevisionConfig; shape: RevisionShape; marker: RowMarker; model: LoadedModel };

/** Where the artifact store keeps a file, by its SHA-256 (64 hexadecimal digits). */
export const artifactPath = (artifactsDir: string, sha256: string): string =>
  path.join(artifactsDir, "sha256", sha256.slice(0, 2), sha256);

/**
 * Verifies the digest, loads and warms up.
 * @throws RevisionRefused with the reason in words for a person
 */
export async function loadRevision(
  config: RevisionConfig,
  artifactsDir: string,
  { isIsolated, isBreakable }: Pick<LoadOptions, "isIsolated" | "isBreakable">,
): Promise<LoadedRevision> {
  const shape = revisionShape(config);
  const marker = new RowMarker(config, shape.features.length);
  const file = artifactPath(artifactsDir, config.model);
  const found = await digestOf(file);
  if (found !== config.model) {
    throw new RevisionRefused(
      `the stored model has SHA-256 ${found.slice(0, 12)}…, signed is ${config.model.slice(0, 12)}…`,
    );
  }
  const { input, output, width } = shape;
  const spec = { file, input, output, width, features: shape.features.length };
  const { maxRows, deadlineMs, failure } = config;
  const deadlineHolds = deadlineMs !== null && failure !== undefined && failure.onTimeout !== "error";
  const model = await loadModel(spec, { maxRows, deadlineMs, deadlineHolds, isIsolated, isBreakable });
  return { config, shape, marker, model };
}

async function digestOf(file: string): Promise<string> {
  const digest = createHash("sha256");
  try {
    await pipeline(createReadStream(file), digest);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new RevisionRefused(
      code === "ENOENT" ? "the model is not in the artifact store" : `the model cannot be read (${code ?? error})`,
    );
  }
  return digest.digest("hex");
}
