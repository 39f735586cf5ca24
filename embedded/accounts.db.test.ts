import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type TestDatabase, testDatabase } from "@/prisma/test-database";
import { keepAccounts } from "./accounts";

let database: TestDatabase;
let dir: string;
beforeAll(async () => {
  database = await testDatabase();
  dir = mkdtempSync(path.join(tmpdir(), "proviso-accounts-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

type Accounts = Record<string, { name: string; roles: string[]; token: string }>;

async function keep(): Promise<Accounts> {
  const { file } = await keepAccounts(database.app, dir);
  return JSON.parse(readFileSync(file, "utf8")) as Accounts;
}

test("the application role makes eight people and one service, each with its role, marked as development accounts", async () => {
  const accounts = await keep();
  const roles = ["scientist", "owner", "sre", "validator", "governance", "finance", "auditor", "admin", "ci"];
  expect(Object.entries(accounts).map(([email, { roles }]) => [email, roles])).toEqual(
    roles.map((role) => [`${role}@example.com`, [role]]),
  );
  const users = await run(database.app, [
    "select kind, development, count(*)::int from app_user group by 1, 2 order by 1",
  ]);
  expect(users).toEqual([
    { kind: "person", development: true, count: 8 },
    { kind: "service", development: true, count: 1 },
  ]);
  expect(await run(database.app, ["select distinct r.role from user_role r"])).toHaveLength(9);
  expect(statSync(path.join(dir, "dev-accounts.json")).mode & 0o777).toBe(0o600);
});

test("a token is stored as a digest only", async () => {
  const { token } = (await keep())["ci@example.com"] ?? { token: "" };
  expect(token).toMatch(/^pvs_[\w-]{43}$/);
  const hash = createHash("sha256").update(token).digest("hex");
  const found = await run(database.app, [
    `select u.email from api_token t join app_user u on u.id = t.user_id where t.hash = '${hash}' and t.expires_at > now()`,
  ]);
  expect(found).toEqual([{ email: "ci@example.com" }]);
  expect(JSON.stringify(await run(database.app, ["select * from api_token"]))).not.toContain(token);
});

test("the next start keeps every token and adds nothing", async () => {
  const before = await keep();
  expect(await keep()).toEqual(before);
  expect(await run(database.app, ["select count(*)::int c from api_token"])).toEqual([{ c: 9 }]);
});

test("a revoked token stays revoked; its account gets another", async () => {
  const before = await keep();
  await run(database.app, [
    "update api_token set revoked_at = now() where user_id = (select id from app_user where email = 'sre@example.com')",
  ]);
  const after = await keep();
  expect(after["sre@example.com"]?.token).not.toBe(before["sre@example.com"]?.token);
  expect(after["ci@example.com"]).toEqual(before["ci@example.com"]);
});
