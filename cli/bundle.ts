import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { EdgeBundle, EdgeDevice } from "@/lib/deployments/edge-device";
import { BundleRefused, type EdgeManifest, type KeySet, keySet, openBundle } from "@/lib/serving/edge-bundle";
import type { ApiClient } from "./api-client";
import { argument, type Call, type Command, option } from "./command";
import { Refused, UsageError } from "./failures";
import { PAGING, page } from "./paging";
import { facts, more, table, utc } from "./table";

/** The signed manifest in the directory of a bundle: written last, so that a directory that has it has all of the files. */
const BUNDLE_FILE = "bundle.json";

async function pull(call: Call): Promise<void> {
  const to = option(call, "to", "the directory to write it to");
  const file = option(call, "keys");
  const api = await call.api();
  const { bundle, keys } = await api.get<EdgeBundle>(`/api/v1/endpoints/${argument(call, 0)}/bundle`, {
    days: option(call, "days"),
  });
  const manifest = await opened(bundle, file === undefined ? keys : await readKeys(file));
  await mkdir(to, { recursive: true });
  for (const each of manifest.files) await fetchFile(api, to, each);
  await write(path.join(to, BUNDLE_FILE), bundle);
  if (file === undefined) {
    await write(path.join(to, "keys.json"), keys);
    call.io.err("The keys came from the same server: give a device the keys by another way, and --keys here.\n");
  }
  show(call, manifest);
}

async function verify(call: Call): Promise<void> {
  show(call, await verified(call.args[0] ?? "", option(call, "keys", "the file with the public keys that may sign")));
}

async function report(call: Call): Promise<void> {
  const reason = option(call, "failed");
  if ((reason === undefined) === (call.options.passed !== true)) {
    throw new UsageError("say --passed, or --failed and why, of the device's own answers to the golden rows");
  }
  const directory = call.args[0] ?? "";
  const manifest = await verified(directory, option(call, "keys", "the file with the public keys that may sign"));
  const device = await (await call.api()).send<EdgeDevice>(
    "POST",
    `/api/v1/endpoints/${encodeURIComponent(manifest.endpoint)}/devices`,
    {
      device: option(call, "device", "what the device is called"),
      revision: manifest.revision,
      modelDigest: manifest.model.digest,
      runtime: option(call, "runtime", "what runs the model there, for example onnxruntime 1.24.0 on arm64"),
      passed: reason === undefined,
      reason,
    },
  );
  call.print(
    device,
    facts([
      ["device", device.device],
      ["state", device.state],
      ["runs", device.reported],
      ["declared", device.declared],
    ]),
  );
}

type Page = { readonly items: readonly EdgeDevice[]; readonly nextCursor: string | null };

async function devices(call: Call): Promise<void> {
  const found = await (await call.api()).get<Page>(`/api/v1/endpoints/${argument(call, 0)}/devices`, page(call));
  const rows = table(
    found.items,
    [
      { head: "DEVICE", cell: ({ device }) => device },
      { head: "STATE", cell: ({ state }) => state },
      { head: "REPORTED", cell: ({ reported }) => reported },
      { head: "DECLARED", cell: ({ declared }) => declared },
      { head: "AT", cell: ({ reportedAt }) => utc(reportedAt) },
      { head: "REASON", cell: ({ reason }) => reason },
    ],
    "No device has said anything yet: proviso bundle report.",
  );
  call.print(found, rows + more(found));
}

/** The manifest of a directory, when signature, time and every file are right. @throws Refused */
async function verified(directory: string, keys: string): Promise<EdgeManifest> {
  const bundle = await readJson(path.join(directory, BUNDLE_FILE));
  const manifest = await opened(bundle, await readKeys(keys));
  for (const { path: name, sha256 } of manifest.files) {
    const found = await digestOf(path.join(directory, name));
    if (found !== sha256) throw new Refused(`${name} has the SHA-256 ${found}; ${sha256} was signed.`);
  }
  return manifest;
}

async function opened(bundle: unknown, keys: KeySet): Promise<EdgeManifest> {
  try {
    return await openBundle(bundle, keys, Date.now());
  } catch (error) {
    throw error instanceof BundleRefused ? new Refused(error.message) : error;
  }
}

/** Whole and right, or not there. */
async function fetchFile(api: ApiClient, to: string, { path: name, sha256 }: EdgeManifest["files"][number]) {
  const at = path.join(to, name);
  const hash = createHash("sha256");
  const file = await open(`${at}.part`, "w");
  try {
    for await (const chunk of await api.download(`/api/v1/artifacts/${sha256}`)) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  const found = hash.digest("hex");
  if (found === sha256) return rename(`${at}.part`, at);
  await rm(`${at}.part`);
  throw new Refused(`${name} came with the SHA-256 ${found}; ${sha256} was signed.`);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk);
  } catch (error) {
    throw new Refused(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  return hash.digest("hex");
}

async function readKeys(file: string): Promise<KeySet> {
  const parsed = keySet.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file} holds no public keys (a JSON Web Key Set).`);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

async function write(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.part`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

function show(call: Call, manifest: EdgeManifest): void {
  const { endpoint, revision, model, runtime, files, golden, latencyMsP99, notAfter } = manifest;
  call.print(
    manifest,
    facts([
      ["endpoint", endpoint],
      ["revision", `${revision} (${model.name} v${model.version})`],
      ["files", files.map(({ path: name, size }) => `${name}, ${size} bytes`).join("; ")],
      ["needs", `${runtime.name} ${runtime.minVersion} or later`],
      ["golden rows", `${golden.rows.length}, for the device to answer before it switches`],
      ["p99", latencyMsP99 === null ? null : `${latencyMsP99} ms`],
      ["good until", utc(notAfter)],
    ]),
  );
}

const KEYS = { keys: { type: "string" } } as const;

export const BUNDLE: readonly Command[] = [
  {
    name: "bundle pull",
    args: ["ENDPOINT"],
    options: { ...KEYS, to: { type: "string" }, days: { type: "string" } },
    usage: "--to DIR [--keys FILE] [--days N]",
    summary: "What an endpoint serves, for a device that answers by itself: signed manifest and files.",
    run: pull,
  },
  {
    name: "bundle verify",
    args: ["DIR"],
    options: KEYS,
    usage: "--keys FILE",
    summary: "Checks signature, expiry and every file of a bundle; needs no server.",
    run: verify,
  },
  {
    name: "bundle report",
    args: ["DIR"],
    options: {
      ...KEYS,
      device: { type: "string" },
      runtime: { type: "string" },
      passed: { type: "boolean" },
      failed: { type: "string" },
    },
    usage: "--keys FILE --device NAME --runtime TEXT --passed|--failed REASON",
    summary: "Says what a device runs, after its test with the golden rows.",
    run: report,
  },
  {
    name: "bundle devices",
    args: ["ENDPOINT"],
    options: PAGING,
    usage: "[--limit N] [--cursor C]",
    summary: "Devices of an endpoint: what each reported against what is declared.",
    run: devices,
  },
];
