/** A reason not to start that a person can act on: printed as one sentence, without a stack, and the exit status is 1. */
export class StartError extends Error {
  name = "StartError";
}

/**
 * Turns "no space left on device", whoever met it, into such a reason.
 * @param {unknown} error
 * @returns {StartError | undefined}
 */
export function asStartError(error) {
  if (!(error instanceof Error)) return undefined;
  const text = `${"code" in error ? error.code : ""} ${error.message}`;
  if (/ENOSPC|No space left|NOT_ENOUGH_SPACE/i.test(text)) {
    return new StartError("The disk is full: make room, or choose another folder with --data-dir.");
  }
  return error instanceof StartError ? error : undefined;
}
