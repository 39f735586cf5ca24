import type { Exit } from "./child-process";

/** A revision that was loaded and has not proven itself yet, in the current process or one before it. */
export type Suspect = { revision: string; kills: number };

/** A revision that served this long is not the cause of a crash any more. */
export const PROBATION_MS = 10_000;

/** Killed from outside: by a person, or by the system for want of memory, which a new model may well cause. */
const KILLS_BEFORE_BLAME = 3;

/**
 * Whether a revision on probation is to blame for the end of its process. A native crash or an error ends that at once; a kill from
 * outside says nothing about the model until it has happened three times in a row.
 */
export function isToBlame(suspect: Suspect, exit: Pick<Exit, "signal">): boolean {
  return exit.signal === "SIGKILL" || exit.signal === "SIGTERM" ? suspect.kills >= KILLS_BEFORE_BLAME : true;
}

export const describeExit = ({ code, signal }: Pick<Exit, "code" | "signal">): string =>
  signal ? `the process was ended by ${signal}` : `the process ended with code ${code}`;
