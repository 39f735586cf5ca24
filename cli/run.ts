import { type ParseArgsConfig, parseArgs } from "node:util";
import { findAccount } from "./account-file";
import { ALERT } from "./alert";
import { apiClient } from "./api-client";
import { AUDIT } from "./audit";
import { BASELINE } from "./baseline";
import { BUNDLE } from "./bundle";
import { CLUSTER } from "./cluster";
import type { Call, Command, Io } from "./command";
import { CONTRACT } from "./contract";
import { ENDPOINT } from "./endpoint";
import { EVIDENCE } from "./evidence";
import { EXPORT } from "./export";
import { Refused, Unreachable, UsageError } from "./failures";
import { LOGIN } from "./login";
import { MODEL } from "./model";
import { PROMOTION } from "./promotion";
import { REGISTER } from "./register";
import { USE_CASE } from "./use-case";

const COMMANDS: readonly Command[] = [
  ...LOGIN,
  ...USE_CASE,
  ...CONTRACT,
  ...REGISTER,
  ...MODEL,
  ...PROMOTION,
  ...ENDPOINT,
  ...BASELINE,
  ...BUNDLE,
  ...CLUSTER,
  EXPORT,
  ...EVIDENCE,
  ...ALERT,
  ...AUDIT,
];

const GLOBAL = {
  server: { type: "string" },
  token: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} satisfies ParseArgsConfig["options"];

/** Runs one command line. @returns the exit code: 0 ok, 1 refused, 2 usage, 3 unreachable */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const json = argv.includes("--json");
  try {
    await dispatch(argv, io);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) return report(io, json, 2, error.message);
    if (error instanceof Unreachable) return report(io, json, 3, error.message);
    if (error instanceof Refused) return report(io, json, 1, error.message, error.problem);
    if (io.signal.aborted) return report(io, json, 1, "interrupted");
    throw error;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<void> {
  const { positionals: words, values: asked } = parseArgs({ args: [...argv], options: GLOBAL, strict: false });
  const [first] = words;
  const command = COMMANDS.find(({ name }) => name === words.slice(0, name.split(" ").length).join(" "));
  if (!command) {
    if (first === undefined && (argv.length === 0 || asked.help)) return io.out(help(COMMANDS));
    const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
    if (group.length === 0) throw new UsageError(`There is no command ${first ?? argv[0]}; proviso --help lists them.`);
    if (asked.help) return io.out(help(group));
    throw new UsageError(`proviso ${first} needs one of:\n${help(group)}`);
  }
  const { values, positionals } = parsed(argv, command);
  if (values.help) return io.out(help([command]));
  const args = positionals.slice(command.name.split(" ").length);
  checkArguments(command, args);
  await command.run(callOf(io, values, args));
}

function parsed(argv: readonly string[], command: Command) {
  try {
    const options = { ...GLOBAL, ...command.options };
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message.split(". To specify")[0] : String(error);
    throw new UsageError(`${message}\n${help([command])}`);
  }
}

function checkArguments(command: Command, args: readonly string[]): void {
  const expected = command.args ?? [];
  const missing = expected.find((name, index) => !name.startsWith("[") && !args[index]);
  if (missing) throw new UsageError(`${missing} is missing.\n${help([command])}`);
  const extra = args[expected.length];
  if (extra !== undefined) throw new UsageError(`${extra} is one argument too many.\n${help([command])}`);
}

function callOf(io: Io, options: Call["options"], args: readonly string[]): Call {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    io,
    args,
    options,
    api: async () => {
      const { server, token } = await findAccount(io.env, { server: text(options.server), token: text(options.token) });
      return apiClient(server, token, io.signal);
    },
    print: (data, human) => io.out(options.json ? `${JSON.stringify(data, null, 2)}\n` : human),
  };
}

function help(commands: readonly Command[]): string {
  const lines = commands.map(({ name, args = [], usage = "", summary }) => {
    const line = ["proviso", name, ...args, usage].filter(Boolean).join(" ");
    return `  ${line}\n      ${summary}\n`;
  });
  const common = "Everywhere: --server URL, --token TOKEN (or PROVISO_URL, PROVISO_TOKEN, proviso login), --json\n";
  return `${lines.join("")}${commands === COMMANDS ? common : ""}`;
}

function report(
  io: Io,
  json: boolean,
  code: number,
  message: string,
  problem?: Readonly<Record<string, unknown>>,
): number {
  if (json) {
    io.err(`${JSON.stringify(problem ?? { detail: message })}\n`);
    return code;
  }
  io.err(`proviso: ${message.trimEnd()}\n`);
  for (const [field, messages] of Object.entries(problem?.errors ?? {})) {
    io.err(`  ${field}: ${Array.isArray(messages) ? messages.join(" ") : String(messages)}\n`);
  }
  return code;
}
