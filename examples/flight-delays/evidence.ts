import { z } from "zod";
import { CommandFailed, proviso } from "./product";
import { MODEL, type Settings, USE_CASE } from "./settings";

/** Asks for a drill or a load run and waits for its end. Throws `CommandFailed` when it does not pass. */
export async function makeEvidence(settings: Settings, kind: "load" | "drill", version: number): Promise<void> {
  const useCase = z
    .object({ signedContract: z.object({ number: z.int() }) })
    .parse(await proviso(settings, "sre", ["use-case", "get", USE_CASE]));
  const contract = `${USE_CASE}/${useCase.signedContract.number}`;
  await proviso(settings, "sre", ["evidence", kind, MODEL, String(version), "--contract", contract, "--wait"]);
}

const made = z.object({
  curves: z.array(z.object({ curve: z.object({ kind: z.string() }) })),
  drills: z.array(z.unknown()),
});

/**
 * Makes what a promotion of this version will need while nothing else keeps the machine busy. Resolves to what is there then, in words; a
 * run that does not pass is no reason to stop.
 */
export async function prepareEvidence(
  settings: Settings,
  version: number,
  kinds: readonly ("load" | "drill")[],
): Promise<string> {
  const words: string[] = [];
  for (const kind of kinds) {
    const { curves, drills } = made.parse(await proviso(settings, "sre", ["evidence", "get", MODEL, String(version)]));
    const isThere = kind === "load" ? curves.some(({ curve }) => curve.kind === "measured") : drills.length > 0;
    if (isThere) {
      words.push(`${kind} of v${version} is there`);
      continue;
    }
    try {
      await makeEvidence(settings, kind, version);
      words.push(`${kind} of v${version} made`);
    } catch (error) {
      if (!(error instanceof CommandFailed) || error.code !== 1) throw error;
      words.push(error.message);
    }
  }
  return words.join(", ");
}
