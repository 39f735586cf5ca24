import type { Server } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { keepAsking } from "./after-the-end";
import { alertChannel, type ReceivedAlert, receiveAlerts } from "./alert-receiver";
import { HISTORY_S, PointInTimeFeatures } from "./features";
import { type Flights, readFlights } from "./flights";
import { InferenceAccess, sendLabels } from "./product";
import { type Pace, ReplaySession } from "./replay-session";
import { REPLAY_FROM, REPLAY_TO } from "./schedule";
import { readSettings, type Settings } from "./settings";
import { Story } from "./story";

const SAY_EVERY_MS = 10_000;
const SECONDS_PER_DAY = 10;

export type ReplayOptions = {
  readonly settings: Settings;
  readonly say: (line: string) => void;
  readonly pace?: Pace;
  /** Stops when so many requests are answered. */
  readonly untilAnswered?: number;
  readonly signal: AbortSignal;
};

/** Replays the flights from where it was left, to the end of the data or until told to stop. */
export async function replay({ settings, say, pace, untilAnswered, signal }: ReplayOptions): Promise<ReplaySession> {
  const access = new InferenceAccess(settings);
  const product = {
    access: (renew: boolean) => access.get(renew),
    sendLabels: (labels: Parameters<typeof sendLabels>[1]) => sendLabels(settings, labels),
    say,
  };
  const session = new ReplaySession(settings.dataDir, product, pace ?? { secondsPerDay: SECONDS_PER_DAY });
  const flights = await readFlights(REPLAY_FROM - HISTORY_S, progressOf(say));
  if (signal.aborted) return session;
  const receiver = await listen(settings, say);
  signal.addEventListener("abort", () => receiver?.close());
  if (!session.state.finished) await replayFlights(session, flights, { settings, say, untilAnswered, signal });
  if (session.state.finished && untilAnswered === undefined) {
    say(
      "30 June 2001: the data end here, every flight is asked and labelled; single rows go on, for latency and availability",
    );
    await keepAsking(flights, product, signal);
  }
  return session;
}

type Running = Pick<ReplayOptions, "settings" | "say" | "signal"> & { readonly untilAnswered: number | undefined };

async function replayFlights(session: ReplaySession, flights: Flights, running: Running): Promise<void> {
  const { settings, say, untilAnswered, signal } = running;
  signal.addEventListener("abort", () => session.stop());
  const story = new Story(settings, say);
  const timers = [
    setInterval(() => say(progress(session)), SAY_EVERY_MS),
    setInterval(() => {
      if (untilAnswered !== undefined && session.log.answered >= untilAnswered) session.stop();
    }, 100),
    setInterval(() => story.tell(session.reached, signal), 500),
  ];
  try {
    await session.run(flights, new PointInTimeFeatures(flights));
  } finally {
    for (const timer of timers) clearInterval(timer);
  }
}

/** Alerts of the endpoint arrive here; without it the replay goes on, and the portal says that nobody takes them. */
async function listen(settings: Settings, say: (line: string) => void): Promise<Server | undefined> {
  const { port, secret } = await alertChannel(settings.dataDir);
  const file = path.join(settings.dataDir, "alerts.ndjson");
  const received = ({ event, title }: ReceivedAlert) => say(`alert ${event}: ${title}`);
  try {
    return await receiveAlerts({ port, secret, file, received });
  } catch (error) {
    say(`alerts are not received: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function progressOf(say: (line: string) => void): (share: number) => void {
  let last = performance.now();
  return (share) => {
    if (performance.now() - last < 1000) return;
    last = performance.now();
    say(`reading flights ${Math.round(share * 100)} %`);
  };
}

export function progress(session: ReplaySession): string {
  const { answered, failed, rows, labelsSent } = session.counts();
  const reached = Math.max(session.reached, session.state.reached);
  const at = new Date(reached * 1000).toISOString().slice(0, 16).replace("T", " ");
  const share = Math.max(0, (reached - REPLAY_FROM) / (REPLAY_TO - REPLAY_FROM));
  const done = `${Math.round(share * 100)} %`;
  return `${at} (${done}): ${answered} requests answered, ${failed} failed, ${rows} flights, ${labelsSent} labels`;
}

/** SIGINT and SIGTERM as an abort signal. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  return stop.signal;
}

async function main(): Promise<void> {
  const say = (line: string) => console.log(`replay  ${line}`);
  const session = await replay({ settings: readSettings(process.env), say, signal: stopSignal() });
  say(`stopped: ${progress(session)}`);
  // Labels that are underway now are sent again at the next start, and change nothing then.
  process.exit(0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
