import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { contractDocument } from "@/lib/contracts/document";
import { alertChannel } from "./alert-receiver";
import { withLatency } from "./contract";
import { prepareEvidence } from "./evidence";
import { measureMachine } from "./machine-probe";
import { ifThere, proviso } from "./product";
import { promote, readEndpoint } from "./promote";
import { ENDPOINT, MODEL, type Settings, USE_CASE } from "./settings";

const HERE = fileURLToPath(new URL("./", import.meta.url));
const PROBE_SECONDS = 3;

/** One step: looks what is there, does what is missing. Resolves to what holds now, in words. */
export type Step = { readonly title: string; readonly run: (settings: Settings) => Promise<string> };

export const STEPS: readonly Step[] = [
  { title: "use case", run: createUseCase },
  { title: "contract", run: draftContract },
  { title: "signatures", run: signContract },
  { title: "endpoint", run: createEndpoint },
  { title: "model v1", run: (settings) => register(settings, "v1") },
  { title: "model v2", run: (settings) => register(settings, "v2") },
  { title: "model v3", run: (settings) => register(settings, "v3") },
  { title: "alerts", run: tellSomebody },
  { title: "promotion", run: promoteFirst },
  { title: "evidence", run: measureTheOthers },
];

const useCase = z.object({
  latestContract: z.object({ number: z.int(), state: z.string() }).nullable(),
  signedContract: z.object({ number: z.int() }).nullable(),
});
const readUseCase = (settings: Settings) =>
  ifThere(useCase, proviso(settings, "scientist", ["use-case", "get", USE_CASE]));

async function createUseCase(settings: Settings): Promise<string> {
  if (await readUseCase(settings)) return `${USE_CASE} is there`;
  await proviso(settings, "scientist", [
    ...["use-case", "create", USE_CASE],
    ...["--name", "Flight delays"],
    ...["--purpose", "Probability at push-back that a flight will arrive more than 15 minutes late"],
    ...["--team", "Network operations"],
    ...["--owner", settings.account("owner").email],
    ...["--cost-centre", "OPS-210"],
  ]);
  return `${USE_CASE} created by scientist`;
}

async function draftContract(settings: Settings): Promise<string> {
  const known = await readUseCase(settings);
  const latest = known?.latestContract;
  if (known?.signedContract) return `v${known.signedContract.number} is signed`;
  if (latest && latest.state !== "withdrawn") return `v${latest.number} is there (${latest.state})`;
  const honest = contractDocument.parse(JSON.parse(readFileSync(path.join(HERE, "contract.json"), "utf8")));
  const measured = await measureMachine(path.join(HERE, "models/v2/model.onnx"), PROBE_SECONDS);
  const { document, changed } = withLatency(honest, measured);
  mkdirSync(settings.dataDir, { recursive: true });
  const file = path.join(settings.dataDir, "contract.json");
  writeFileSync(file, JSON.stringify(document, null, 2));
  const args = ["contract", "draft", USE_CASE, "--file", file];
  const { number } = z.object({ number: z.int() }).parse(await proviso(settings, "scientist", args));
  const here = `measured here: p95 ${measured.p95.toFixed(1)} ms, p99 ${measured.p99.toFixed(1)} ms`;
  const slower = changed.length > 0 ? `; this machine is slower than the plan, so proposed ${changed.join(", ")}` : "";
  return `v${number} drafted by scientist with ${document.clauses.length} clauses (${here}${slower})`;
}

const contract = z.object({
  state: z.string(),
  digest: z.string().nullable(),
  missing: z.array(z.object({ slot: z.enum(["owner", "sre", "governance"]) })),
});

async function signContract(settings: Settings): Promise<string> {
  const known = await readUseCase(settings);
  const number = String(known?.signedContract?.number ?? known?.latestContract?.number);
  const read = async () => contract.parse(await proviso(settings, "scientist", ["contract", "get", USE_CASE, number]));
  if ((await read()).state === "draft") await proviso(settings, "scientist", ["contract", "submit", USE_CASE, number]);
  const { missing, digest, state } = await read();
  if (state === "signed") return `v${number} is signed, digest ${digest?.slice(0, 12)}`;
  for (const { slot } of missing) {
    await proviso(settings, slot, ["contract", "sign", USE_CASE, number, "--digest", digest ?? ""]);
  }
  return `v${number} signed by ${missing.map(({ slot }) => slot).join(", ")}, digest ${digest?.slice(0, 12)}`;
}

async function createEndpoint(settings: Settings): Promise<string> {
  const found = await ifThere(z.object({}), proviso(settings, "sre", ["endpoint", "get", ENDPOINT]));
  if (found) return `${ENDPOINT} is there`;
  const args = ["--use-case", USE_CASE, "--environment", "production", "--tier", "cpu", "--target", "local"];
  await proviso(settings, "sre", ["endpoint", "create", ENDPOINT, ...args, "--clock", "supplied"]);
  return `${ENDPOINT} created by sre, with the clock of the data`;
}

const versions = z.object({ items: z.array(z.object({ number: z.int(), state: z.string() })) });
const files = z.object({ files: z.array(z.object({ role: z.string(), sha256: z.string() })) });

/** Number of the registered version that has this model file, or undefined. */
export async function findVersion(
  settings: Settings,
  name: string,
): Promise<{ number: number; state: string } | undefined> {
  const digest = createHash("sha256")
    .update(readFileSync(path.join(HERE, "models", name, "model.onnx")))
    .digest("hex");
  const found = await ifThere(versions, proviso(settings, "ci", ["model", "get", MODEL]));
  for (const version of found?.items ?? []) {
    const detail = files.parse(await proviso(settings, "ci", ["model", "get", MODEL, String(version.number)]));
    if (detail.files.some((file) => file.role === "model" && file.sha256 === digest)) return version;
  }
  return undefined;
}

async function register(settings: Settings, name: string): Promise<string> {
  const found = await findVersion(settings, name);
  if (found?.state === "ready") return `${MODEL} v${found.number} is registered`;
  const models = path.join(HERE, "models");
  const args = [
    ...["register", "--model", MODEL, "--dir", path.join(models, name)],
    ...["--dataset", path.join(models, "dataset.json")],
    ...["--reference", path.join(models, "reference.parquet")],
    ...["--evaluation-sample", path.join(models, "evaluation-sample.parquet")],
    ...["--code-revision", await codeRevision()],
  ];
  const { number } = z.object({ number: z.int() }).parse(await proviso(settings, "ci", args));
  return `${MODEL} v${number} registered by ci and verified`;
}

/** The commit of this checkout; a copy without git has only the version of the package. */
async function codeRevision(): Promise<string> {
  try {
    return (await promisify(execFile)("git", ["-C", HERE, "rev-parse", "HEAD"])).stdout.trim();
  } catch {
    const { version } = JSON.parse(readFileSync(path.join(HERE, "../../package.json"), "utf8")) as { version: string };
    return `proviso-${version}`;
  }
}

/** The SRE names who is told: here the replay itself, which takes signed messages as a team's own service would. */
async function tellSomebody(settings: Settings): Promise<string> {
  const { url, secret } = await alertChannel(settings.dataDir);
  const headers = { authorization: `Bearer ${settings.account("sre").token}`, "content-type": "application/json" };
  const channel = { name: ENDPOINT, kind: "webhook", url, secret, endpoint: ENDPOINT, owner: "Network operations" };
  const response = await fetch(`${settings.url}/api/v1/alert-channels`, {
    method: "POST",
    headers,
    body: JSON.stringify(channel),
  });
  if (response.status === 409) return `the channel ${ENDPOINT} is there`;
  if (!response.ok)
    throw new Error(`the channel was refused: ${response.status} ${(await response.text()).slice(0, 300)}`);
  return `alerts of ${ENDPOINT} go to ${url}, set up by sre`;
}

/** Before the traffic: a load test on two cores that replay flights at the same time says that the machine is too busy. */
async function measureTheOthers(settings: Settings): Promise<string> {
  const [second, third] = [await findVersion(settings, "v2"), await findVersion(settings, "v3")];
  if (!second || !third) throw new Error("v2 or v3 is not registered");
  const ofSecond = await prepareEvidence(settings, second.number, ["load", "drill"]);
  return `${ofSecond}, ${await prepareEvidence(settings, third.number, ["load"])}`;
}

async function promoteFirst(settings: Settings): Promise<string> {
  const { serving } = await readEndpoint(settings);
  if (serving?.servedAt) return `v${serving.version} serves as ${serving.revision}`;
  const first = await findVersion(settings, "v1");
  if (!first) throw new Error("v1 is not registered");
  const { serving: now } = await promote(
    settings,
    first.number,
    "First version: logistic regression, AUC .742 on 1 to 15 March.",
  );
  return `v${first.number} serves as ${now?.revision}, approved by validator and governance`;
}
