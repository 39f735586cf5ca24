import type { ParseArgsConfig } from "node:util";
import type { ApiClient } from "./api-client";
import { UsageError } from "./failures";

/** Everything a command touches of the outside, so that tests can run it in their own process. */
export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether messages go to a terminal: progress is then drawn in place. */
  readonly terminal: boolean;
  /** Standard input when it is not a terminal. */
  readonly input: AsyncIterable<Uint8Array | string> | null;
  readonly signal: AbortSignal;
};

export type Options = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export type Call = {
  readonly io: Io;
  readonly args: readonly string[];
  readonly options: Options;
  /** The server and token of this call. @throws UsageError when none is known */
  readonly api: () => Promise<ApiClient>;
  /** Prints an answer: as JSON with `--json`, else as `human` writes it. */
  readonly print: (data: unknown, human: string) => void;
};

export type Command = {
  /** One to three words, for example `contract sign`. */
  readonly name: string;
  /** Positional arguments, in order; a name in brackets may be left out. */
  readonly args?: readonly string[];
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  /** The options as help shows them. */
  readonly usage?: string;
  readonly summary: string;
  readonly run: (call: Call) => Promise<void>;
};

/** A text option. @throws UsageError when it is needed and missing */
export function option(call: Pick<Call, "options">, name: string, needed: string): string;
export function option(call: Pick<Call, "options">, name: string): string | undefined;
export function option({ options }: Pick<Call, "options">, name: string, needed?: string): string | undefined {
  const value = options[name];
  if (typeof value === "string" && value !== "") return value;
  if (needed !== undefined) throw new UsageError(`--${name} is missing: ${needed}`);
  return undefined;
}

/** The positional argument at `index`, which the dispatcher has checked to be there. */
export function argument({ args }: Pick<Call, "args">, index: number): string {
  return encodeURIComponent(args[index] ?? "");
}
