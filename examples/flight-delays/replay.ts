import { pathToFileURL } from "node:url";
import { keepAsking } from "./after-the-end";
import { HISTORY_S, PointInTimeFeatures } from "./features";
import { type Flights, readFlights } from "./flights";
import { CommandFailed, InferenceAccess, sendLabels, whenReachable } from "./product";
import { promote } from "./promote";
import { type Pace, ReplaySession } from "./replay-session";
import { REPLAY_FROM, REPLAY_TO } from "./schedule";
import { readSettings, type Settings } from "./settings";
import { findVersion } from "./steps";

/** v2 takes over here, 30 s into the replay: v1 would break its AUC clause on 29 April. */
const PROMOTE_V2_AT = Date.UTC(2001, 3, 26) / 1000;
const SAY_EVERY_MS = 10_000;
const SECONDS_PER_DAY = 10;
const TRY_AGAIN_MS = 30_000;

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
  const timers = [
    setInterval(() => say(progress(session)), SAY_EVERY_MS),
    setInterval(() => {
      if (untilAnswered !== undefined && session.log.answered >= untilAnswered) session.stop();
    }, 100),
    setInterval(
      onceAt(session, () => takeOver(settings, say, signal)),
      500,
    ),
  ];
  try {
    await session.run(flights, new PointInTimeFeatures(flights));
  } finally {
    for (const timer of timers) clearInterval(timer);
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

/** Calls `work` when the data reach the moment, and again half a minute after it resolved to false. */
function onceAt(session: ReplaySession, work: () => Promise<boolean>): () => void {
  let next = 0;
  return () => {
    if (session.reached < PROMOTE_V2_AT || performance.now() < next) return;
    next = Number.POSITIVE_INFINITY;
    void work().then((done) => {
      if (!done) next = performance.now() + TRY_AGAIN_MS;
    });
  };
}

/** v2 over v1 while traffic flows. Resolves to false when it may be tried again; a refusal stands. */
async function takeOver(settings: Settings, say: (line: string) => void, signal: AbortSignal): Promise<boolean> {
  try {
    const version = await whenReachable(say, () => findVersion(settings, "v2"));
    if (!version || signal.aborted) return false;
    const comment = "Gradient boosting: AUC .755 against .742 on the same 245,762 flights, calibration alike.";
    const { serving } = await whenReachable(say, () => promote(settings, version.number, comment));
    say(`v${version.number} serves as ${serving?.revision}, promoted while traffic flows`);
    return true;
  } catch (error) {
    say(`v2 was not promoted: ${error instanceof Error ? error.message : error}`);
    return error instanceof CommandFailed;
  }
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
