import { execFile } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import type { ModelVersion } from "@/lib/registry/schema";
import type { ApiClient } from "./api-client";
import { type Call, type Command, type Io, option } from "./command";
import { Refused, UsageError } from "./failures";
import { type LocalFile, readModelDirectory } from "./model-directory";
import { readWithProgress } from "./progress";
import { facts } from "./table";

type Registered = ModelVersion & { readonly created: boolean };

const POLL_MS = 500;

async function register(call: Call): Promise<void> {
  const { io } = call;
  const name = option(call, "model", "the name of the registered model");
  const directory = option(call, "dir", "the directory with model.onnx, model.json, evaluation.json");
  const seconds = Number(option(call, "timeout") ?? 300);
  if (!(seconds >= 0)) throw new UsageError("--timeout is a number of seconds");
  const variantOf = option(call, "variant-of");
  const precision = option(call, "precision");
  const api = await call.api();
  const elsewhere = {
    dataset: option(call, "dataset"),
    reference: option(call, "reference"),
    evaluationSample: option(call, "evaluation-sample"),
  };
  const { files, ...documents } = await readModelDirectory(directory, elsewhere);
  const codeRevision = option(call, "code-revision") ?? (await revisionOf(io, directory));
  for (const file of files) await upload(api, io, file);
  const manifest = {
    files: files.map(({ at: _, ...file }) => file),
    ...documents,
    codeRevision,
    ...(variantOf !== undefined && { variantOf }),
    ...(precision !== undefined && { precision }),
  };
  const path = `/api/v1/models/${encodeURIComponent(name)}/versions`;
  const registered = await api.send<Registered>("POST", path, manifest);
  const what = `${name} v${registered.number}`;
  io.err(registered.created ? `${what} registered, being verified\n` : `${what} has this content already\n`);
  const version = await verified(api, io, `${path}/${registered.number}`, registered, seconds);
  if (version.state === "failed") throw failed(what, version.stateReason);
  call.print(
    { ...version, created: registered.created },
    facts([
      ["version", what],
      ["state", version.state],
      ["digest", version.digest],
    ]),
  );
}

async function upload(api: ApiClient, io: Io, file: LocalFile): Promise<void> {
  const path = `/api/v1/artifacts/${file.sha256}`;
  if (await api.has(path)) return io.err(`${file.path}  already there\n`);
  await api.upload(path, readWithProgress(io, file.path, file.at, file.size), file.size);
}

/** Waits until the worker has opened the files. */
async function verified(
  api: ApiClient,
  io: Io,
  path: string,
  first: ModelVersion,
  seconds: number,
): Promise<ModelVersion> {
  const until = performance.now() + seconds * 1000;
  let version = first;
  while (version.state === "pending") {
    if (performance.now() >= until) {
      const message = `${version.model} v${version.number} is registered, but was not verified within ${seconds} s. Is the worker running?`;
      throw new Refused(message);
    }
    await wait(POLL_MS, undefined, { signal: io.signal });
    version = await api.get<ModelVersion>(path);
  }
  return version;
}

function failed(what: string, reason: string | null): Refused {
  const detail = `${what} failed its verification: ${reason ?? "no reason given"}`;
  return new Refused(detail, { code: "failed", detail });
}

/** The commit: what CI says, else what git says. */
async function revisionOf(io: Io, directory: string): Promise<string> {
  const told = io.env.GITHUB_SHA || io.env.CI_COMMIT_SHA;
  if (told) return told;
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", directory, "rev-parse", "HEAD"]);
    return stdout.trim();
  } catch {
    throw new UsageError(
      "--code-revision is missing: the commit the model was trained from (there is no git here to ask)",
    );
  }
}

export const REGISTER: readonly Command[] = [
  {
    name: "register",
    options: {
      model: { type: "string" },
      dir: { type: "string" },
      dataset: { type: "string" },
      reference: { type: "string" },
      "evaluation-sample": { type: "string" },
      "code-revision": { type: "string" },
      "variant-of": { type: "string" },
      precision: { type: "string" },
      timeout: { type: "string" },
    },
    usage:
      "--model NAME --dir DIR [--dataset FILE] [--reference FILE] [--evaluation-sample FILE] [--code-revision COMMIT] [--precision fp32|fp16|int8] [--variant-of VERSION] [--timeout SECONDS]",
    summary:
      "Uploads model.onnx, model.json, evaluation.json, dataset.json, reference.parquet (and labelled rows that no training has seen, if there are) and waits until they are verified.",
    run: register,
  },
];
