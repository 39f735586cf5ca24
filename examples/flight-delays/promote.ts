import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { CommandFailed, proviso } from "./product";
import { ENDPOINT, type ExampleRole, MODEL, type Settings } from "./settings";

const served = z.object({
  inferenceUrl: z.string().nullable(),
  serving: z
    .object({ model: z.string(), version: z.int(), revision: z.string(), servedAt: z.string().nullable() })
    .nullable(),
  observed: z.object({ state: z.string(), reason: z.string().nullable() }),
});
export type Served = z.output<typeof served>;

const slots = z.array(z.object({ slot: z.enum(["validator", "governance"]), state: z.string() }));
const gate = z.array(
  z.object({ title: z.string(), status: z.enum(["pass", "fail", "missing"]), reasons: z.array(z.string()) }),
);
const promotion = z.object({
  id: z.int(),
  gate,
  version: z.int(),
  state: z.string(),
  stateReason: z.string().nullable(),
  inputsDigest: z.string(),
  slots,
});
const promotions = z.object({ items: z.array(z.object({ id: z.int(), version: z.int() })) });

const CHECKED = {
  validator: "Evaluation read: better than nothing serving, calibrated on days it was not trained on.",
  governance: "Contract signed by three, data public, no personal data among the features.",
} as const;

const LONGEST_APPLY_MS = 120_000;
/** A load curve and a drill of a copy: about a minute when nothing else runs. */
const LONGEST_EVIDENCE_MS = 600_000;

export const readEndpoint = async (settings: Settings): Promise<Served> =>
  served.parse(await proviso(settings, "sre", ["endpoint", "get", ENDPOINT]));

/**
 * Makes a version serve: requested by scientist, approved by validator and governance over the digest shown, then waited for.
 * Goes on from wherever it stands: nothing is asked twice. Throws when it is refused, rejected or does not come to serve.
 */
export async function promote(settings: Settings, version: number, comment: string): Promise<Served> {
  const before = await readEndpoint(settings);
  if (serves(before, version)) return before;
  const id = (await openPromotion(settings, version)) ?? (await request(settings, version, comment));
  await waitForEvidence(settings, id);
  const { slots: wanted } = await read(settings, id);
  for (const { slot } of wanted) await approve(settings, id, slot);
  return waitUntilServed(settings, id, version);
}

const serves = ({ serving }: Served, version: number) => serving?.version === version && serving.servedAt !== null;

async function openPromotion(settings: Settings, version: number): Promise<number | undefined> {
  const args = ["promotion", "list", "--state", "open", "--endpoint", ENDPOINT];
  const { items } = promotions.parse(await proviso(settings, "scientist", args));
  return items.find((item) => item.version === version)?.id;
}

async function request(settings: Settings, version: number, comment: string): Promise<number> {
  const args = [
    "promote",
    "--endpoint",
    ENDPOINT,
    "--model",
    MODEL,
    "--version",
    String(version),
    "--comment",
    comment,
  ];
  return z.object({ id: z.int() }).parse(await proviso(settings, "scientist", args)).id;
}

const read = async (settings: Settings, id: number, role: ExampleRole = "scientist") =>
  promotion.parse(await proviso(settings, role, ["promotion", "get", String(id)]));

/** The portal measures what the gate misses; what it then finds wanting is a refusal. */
async function waitForEvidence(settings: Settings, id: number): Promise<void> {
  const until = performance.now() + LONGEST_EVIDENCE_MS;
  for (;;) {
    const { gate: items, version } = await read(settings, id);
    const failing = items.filter(({ status }) => status === "fail");
    if (failing.length > 0) {
      const words = failing.map(({ title, reasons }) => `${title}: ${reasons.join(" ")}`);
      throw new CommandFailed(`promotion ${id} of v${version} does not pass its gate. ${words.join(" ")}`, 1, "gate");
    }
    const missing = items.filter(({ status }) => status === "missing");
    if (missing.length === 0) return;
    if (performance.now() > until) {
      throw new Error(`promotion ${id} still waits for evidence: ${missing.map(({ title }) => title).join(", ")}`);
    }
    await sleep(500);
  }
}

async function approve(settings: Settings, id: number, slot: "validator" | "governance"): Promise<void> {
  const shown = await read(settings, id, slot);
  const state = shown.slots.find((each) => each.slot === slot)?.state;
  if (state === "approved" || shown.state !== "in_review") return;
  await proviso(settings, slot, [
    ...["approve", String(id)],
    ...["--digest", shown.inputsDigest],
    ...["--comment", CHECKED[slot]],
  ]);
}

async function waitUntilServed(settings: Settings, id: number, version: number): Promise<Served> {
  const until = performance.now() + LONGEST_APPLY_MS;
  for (;;) {
    const endpoint = await readEndpoint(settings);
    if (serves(endpoint, version)) return endpoint;
    const { state, stateReason } = await read(settings, id);
    if (state === "rejected" || state === "withdrawn" || state === "failed") {
      throw new CommandFailed(
        `promotion ${id} of v${version} is ${state}: ${stateReason ?? "no reason given"}`,
        1,
        state,
      );
    }
    if (performance.now() > until) {
      const { observed } = endpoint;
      const seconds = LONGEST_APPLY_MS / 1000;
      const why = observed.reason ?? observed.state;
      throw new Error(`v${version} does not serve after ${seconds} s: promotion ${id} is ${state}, endpoint ${why}`);
    }
    await sleep(500);
  }
}
