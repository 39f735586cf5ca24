/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The server said no, or what was asked for did not come to be: exit code 1. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    message: string,
    /** problem+json of the server, if it sent one. */
    readonly problem?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** There was no answer: exit code 3. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}
