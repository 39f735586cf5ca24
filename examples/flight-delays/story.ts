import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeEvidence } from "./evidence";
import { CommandFailed, proviso, whenReachable } from "./product";
import { promote, readEndpoint } from "./promote";
import { ENDPOINT, type Settings } from "./settings";
import { findVersion } from "./steps";

const at = (month: number, day: number) => Date.UTC(2001, month - 1, day) / 1000;

type Teller = (line: string) => void;

/** Something that the people around the endpoint do when the data reach a moment (UTC seconds), once. Resolves to what came of it. */
type Moment = { readonly at: number; readonly title: string; readonly run: (settings: Settings) => Promise<string> };

const MOMENTS: readonly Moment[] = [
  { at: at(4, 23), title: "v2 over v1", run: (settings) => takeOver(settings, "v2", BETTER) },
  { at: at(5, 12), title: "drill of what serves", run: drill },
  { at: at(5, 20), title: "v3 asked for", run: refuseThird },
  { at: at(6, 4), title: "rollback", run: rollBack },
  { at: at(6, 6), title: "v2 again", run: (settings) => takeOver(settings, "v2", AGAIN) },
];

const BETTER = "Gradient boosting: AUC .755 against .742 on the same 245,762 flights, calibration alike.";
const AGAIN = "The exercise is over: v2 serves again, decided by people as any other promotion.";
const TRY_AGAIN_MS = 30_000;

/** v2 over v1 while traffic flows: v1 would break its AUC clause on 29 April. */
async function takeOver(settings: Settings, name: string, comment: string): Promise<string> {
  const version = await findVersion(settings, name);
  if (!version) throw new Error(`${name} is not registered`);
  const { serving } = await promote(settings, version.number, comment);
  return `v${version.number} serves as ${serving?.revision}, promoted while traffic flows`;
}

async function drill(settings: Settings): Promise<string> {
  const { serving } = await readEndpoint(settings);
  if (!serving) throw new Error("nothing serves");
  await makeEvidence(settings, "drill", serving.version);
  return `a copy of v${serving.version} was broken on purpose, and answered as declared`;
}

/** v3 is slow and worse: its own load curve and its evaluation say so, and the gate refuses it in words. */
async function refuseThird(settings: Settings): Promise<string> {
  const version = await findVersion(settings, "v3");
  if (!version) throw new Error("v3 is not registered");
  try {
    await promote(settings, version.number, "Nearest neighbours: a try.");
  } catch (error) {
    if (error instanceof CommandFailed && error.code === 1) return `refused: ${error.message}`;
    throw error;
  }
  throw new Error("v3 was promoted, which nobody should have let happen");
}

/** An exercise: the SRE goes back to the revision before, while traffic flows. */
async function rollBack(settings: Settings): Promise<string> {
  const before = await readEndpoint(settings);
  const reason = "Exercise: back to the revision before, while traffic flows.";
  await proviso(settings, "sre", ["endpoint", "rollback", ENDPOINT, "--reason", reason, "--yes", ENDPOINT]);
  const started = performance.now();
  for (;;) {
    const { serving, observed } = await readEndpoint(settings);
    const seconds = (performance.now() - started) / 1000;
    if (serving && serving.revision !== before.serving?.revision && observed.state === "ready") {
      return `${serving.revision} (v${serving.version}) instead of ${before.serving?.revision}, ${seconds.toFixed(1)} s after the click`;
    }
    if (seconds > 60) throw new Error("the revision before does not serve after 60 s");
    await sleep(250);
  }
}

/** Remembers in `story.tsv` which moments are behind, so that a replay that was stopped goes on after them. */
export class Story {
  private readonly file: string;
  private readonly done: Set<string>;
  private next = 0;

  constructor(
    private readonly settings: Settings,
    private readonly say: Teller,
  ) {
    this.file = path.join(settings.dataDir, "story.tsv");
    const lines = existsSync(this.file) ? readFileSync(this.file, "utf8").split("\n") : [];
    this.done = new Set(lines.map((line) => line.split("\t")[0] ?? ""));
  }

  /** Does what is due at `reached` (UTC seconds of the data), one moment after the other; what failed is tried again half a minute later. */
  tell(reached: number, signal: AbortSignal): void {
    const moment = MOMENTS.find(({ title }) => !this.done.has(title));
    if (!moment || reached < moment.at || performance.now() < this.next || signal.aborted) return;
    this.next = Number.POSITIVE_INFINITY;
    void this.live(moment).finally(() => {
      this.next = performance.now();
    });
  }

  private async live(moment: Moment): Promise<void> {
    try {
      const outcome = await whenReachable(this.say, () => moment.run(this.settings));
      this.conclude(moment, outcome);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.say(`${moment.title}: ${words}`);
      // A refusal stands; anything else may pass.
      if (error instanceof CommandFailed) this.conclude(moment, words);
      else await sleep(TRY_AGAIN_MS);
    }
  }

  private conclude({ title }: Moment, outcome: string): void {
    this.done.add(title);
    appendFileSync(this.file, `${title}\t${outcome.replaceAll(/\s+/g, " ")}\n`);
    this.say(`${title}: ${outcome}`);
  }
}
