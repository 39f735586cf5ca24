import { parseArgs } from "node:util";
import { whenReachable } from "./product";
import { replay, stopSignal } from "./replay";
import { readSettings, type Settings } from "./settings";
import { STEPS } from "./steps";

const USAGE = `usage: node --import tsx examples/flight-delays/run.ts [--until set-up|traffic-flows]
Brings the flight delay example up through the CLI and the API, then replays the flights. Environment: PROVISO_URL,
DEV_ACCOUNTS_FILE, EXAMPLE_DIR. Every step looks first whether it is done, so it can be started again at any time.`;
const FIRST_ANSWERS = 200;

const say = (line: string) => console.log(line);

async function setUp(settings: Settings, signal: AbortSignal): Promise<void> {
  for (const [i, { title, run }] of STEPS.entries()) {
    if (signal.aborted) throw new Error("interrupted");
    const started = performance.now();
    const result = await whenReachable(say, () => run(settings));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${i + 1}/${STEPS.length + 1} ${title.padEnd(10)}  ${result} (${seconds} s)`);
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { until: { type: "string" }, help: { type: "boolean", short: "h" } } });
  const until = values.until;
  if (values.help || (until !== undefined && until !== "set-up" && until !== "traffic-flows")) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const settings = readSettings(process.env);
  const signal = stopSignal();
  await setUp(settings, signal);
  if (until === "set-up") return 0;
  const started = performance.now();
  const step = `${STEPS.length + 1}/${STEPS.length + 1} traffic   `;
  const tell = (line: string) => say(`${step}  ${line}`);
  const only = until === "traffic-flows" ? { untilAnswered: FIRST_ANSWERS } : {};
  const session = await replay({ settings, say: tell, signal, ...only });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  tell(`${session.log.answered} requests answered (${seconds} s)`);
  if (until !== "traffic-flows") return 0;
  return session.log.answered > 0 ? 0 : 1;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
