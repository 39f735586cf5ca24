// The development accounts of the one-machine set-up. They work only for direct requests on loopback: see direct.cjs.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";

type Account = { readonly name: string; readonly roles: readonly string[]; readonly token: string };
type Accounts = Readonly<Record<string, Account>>;

const PEOPLE = {
  scientist: "Data scientist",
  owner: "Use case owner",
  sre: "Site reliability engineer",
  validator: "Model validator",
  governance: "Governance officer",
  finance: "Finance controller",
  auditor: "Auditor",
  admin: "Administrator",
};
const SERVICES = { ci: "Continuous integration" };

const TOKEN_NAME = "development";
const TOKEN_LIFE = "365 days";

const emailOf = (role: string) => `${role}@example.com`;
const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

function wanted(): { role: string; name: string; kind: "person" | "service" }[] {
  const people = Object.entries(PEOPLE).map(([role, name]) => ({ role, name, kind: "person" as const }));
  const services = Object.entries(SERVICES).map(([role, name]) => ({ role, name, kind: "service" as const }));
  return [...people, ...services];
}

function known(file: string): Accounts {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Accounts) : {};
}

/** A revoked token is not brought back: its owner meant it. */
async function keepToken(client: pg.Client, userId: string, token: string | undefined): Promise<string> {
  if (token) {
    const kept = await client.query(
      "update api_token set expires_at = now() + $3::interval where user_id = $1 and hash = $2 and revoked_at is null",
      [userId, hashOf(token), TOKEN_LIFE],
    );
    if (kept.rowCount) return token;
  }
  const made = `pvs_${randomBytes(32).toString("base64url")}`;
  await client.query(
    "insert into api_token (user_id, name, hash, expires_at) values ($1, $2, $3, now() + $4::interval)",
    [userId, TOKEN_NAME, hashOf(made), TOKEN_LIFE],
  );
  return made;
}

async function keepAccount(client: pg.Client, account: ReturnType<typeof wanted>[number]): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into app_user (email, name, kind, development) values ($1, $2, $3, true)
     on conflict (email) do update set email = excluded.email returning id`,
    [emailOf(account.role), account.name, account.kind],
  );
  const id = rows[0]?.id ?? "";
  await client.query("insert into user_role (user_id, role) values ($1, $2) on conflict do nothing", [
    id,
    account.role,
  ]);
  return id;
}

/**
 * Creates what is missing and writes dev-accounts.json (mode 0600): e-mail -> {name, roles, token}. Tokens are kept over restarts.
 * `databaseUrl`: any role that may write the three tables.
 */
export async function keepAccounts(databaseUrl: string, dataDir: string): Promise<{ file: string; count: number }> {
  const file = path.join(dataDir, "dev-accounts.json");
  const before = known(file);
  const accounts: Record<string, Account> = {};
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query("begin");
    for (const account of wanted()) {
      const email = emailOf(account.role);
      const id = await keepAccount(client, account);
      const token = await keepToken(client, id, before[email]?.token);
      accounts[email] = { name: account.name, roles: [account.role], token };
    }
    // Written before the commit: a token that only the database knows would be lost.
    writeFileSync(file, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
    await client.query("commit");
  } finally {
    await client.end();
  }
  return { file, count: Object.keys(accounts).length };
}
