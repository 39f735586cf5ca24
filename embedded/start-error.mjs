/** A reason not to start that a person can act on: printed as one sentence, without a stack, and the exit status is 1. */
export class StartError extends Error {
  name = "StartError";
}

/**
 * @param {{ code?: string, port?: number, path?: string }} error
 * @returns {string | undefined}
 */
function systemReason({ code, port, path }) {
  if (port && code === "EADDRINUSE")
    return `Port ${port} is in use: stop what listens there, or choose another with --port.`;
  if (port && code === "EACCES") return `Port ${port} is only for an administrator: choose one above 1023 with --port.`;
  if (!path) return undefined;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return `${path} cannot be written by this user: choose another folder with --data-dir.`;
  }
  if (code === "EEXIST" || code === "ENOTDIR") return `${path} is no folder: choose one with --data-dir.`;
  return undefined;
}

/**
 * Turns what the system refuses (room, a port, a folder), whoever met it, into such a reason.
 * @param {unknown} error
 * @returns {StartError | undefined}
 */
export function asStartError(error) {
  if (!(error instanceof Error)) return undefined;
  const text = `${"code" in error ? error.code : ""} ${error.message}`;
  if (/ENOSPC|No space left|NOT_ENOUGH_SPACE/i.test(text)) {
    return new StartError("The disk is full: make room, or choose another folder with --data-dir.");
  }
  const reason = systemReason(error);
  if (reason) return new StartError(reason);
  return error instanceof StartError ? error : undefined;
}
