import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { Io } from "./command";
import { UsageError } from "./failures";

export type Account = { readonly server: string; readonly token: string };

/** @throws UsageError when it is no address of a web server */
export function checkServer(server: string): string {
  if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
    throw new UsageError(`${server} is no http or https address.`);
  }
  return server;
}

/** Where `login` keeps the server and the token. */
export function accountFile(env: Io["env"]): string {
  return path.join(env.XDG_CONFIG_HOME || path.join(env.HOME || homedir(), ".config"), "proviso", "account.json");
}

/** Writes it readable for this user only. */
export async function saveAccount(file: string, saved: Account): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(saved)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}

/**
 * Server and token: options before the environment before the file. A saved token goes to the server it was saved for, to no other.
 * @throws UsageError when one is not known
 */
export async function findAccount(
  env: Io["env"],
  given: { readonly server: string | undefined; readonly token: string | undefined },
): Promise<Account> {
  const saved = await savedAccount(accountFile(env));
  const server = given.server || env.PROVISO_URL || saved?.server;
  if (!server) throw new UsageError("No server: run proviso login --server URL, or set PROVISO_URL.");
  checkServer(server);
  const token = given.token || env.PROVISO_TOKEN || (saved?.server === server ? saved.token : undefined);
  if (!token)
    throw new UsageError(`No token for ${server}: run proviso login --server ${server}, or set PROVISO_TOKEN.`);
  return { server, token };
}

async function savedAccount(file: string): Promise<Account | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const saved = parse(text);
  if (!saved) throw new UsageError(`${file} is damaged: run proviso login again.`);
  return saved;
}

function parse(text: string): Account | undefined {
  try {
    const { server, token } = JSON.parse(text);
    return typeof server === "string" && typeof token === "string" ? { server, token } : undefined;
  } catch {
    return undefined;
  }
}
