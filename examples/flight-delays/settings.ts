import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

export const USE_CASE = "flight-delays";
export const ENDPOINT = "flight-delays";
export const MODEL = "flight-delays";
/** Names in the models' graphs. */
export const TENSORS = { input: "features", output: "probabilities" };

const role = z.enum(["scientist", "owner", "sre", "validator", "governance", "ci"]);
export type ExampleRole = z.output<typeof role>;

const accountsFile = z.record(z.string(), z.object({ roles: z.array(z.string()), token: z.string().min(1) }));
export type Account = { readonly email: string; readonly token: string };

export type Settings = {
  /** Base URL of the portal, without a slash at the end. */
  readonly url: string;
  /** Where the replay keeps its position and its counts. */
  readonly dataDir: string;
  readonly account: (of: ExampleRole) => Account;
};

/**
 * Settings from the environment: PROVISO_URL, DEV_ACCOUNTS_FILE, and EXAMPLE_DIR (default: `example` beside the accounts).
 * Throws with the name of what is missing.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const { PROVISO_URL: url, DEV_ACCOUNTS_FILE: file, EXAMPLE_DIR: dir } = environment;
  if (!url || !URL.canParse(url))
    throw new Error("PROVISO_URL is not set: the address of the portal, http://127.0.0.1:3000");
  if (!file)
    throw new Error("DEV_ACCOUNTS_FILE is not set: the dev-accounts.json in the data directory of `npm start`");
  const accounts = accountsFile.parse(JSON.parse(readFileSync(file, "utf8")));
  return {
    url: url.replace(/\/$/, ""),
    dataDir: dir ?? path.join(path.dirname(file), "example"),
    account: (of) => {
      const found = Object.entries(accounts).find(([, { roles }]) => roles.includes(of));
      if (!found) throw new Error(`${file} has no account with the role ${of}`);
      return { email: found[0], token: found[1].token };
    },
  };
}
