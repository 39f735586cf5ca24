import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CommandFailed, proviso } from "./product";
import { readSettings } from "./settings";

const dir = mkdtempSync(path.join(tmpdir(), "example-"));
afterAll(() => rmSync(dir, { recursive: true }));

const accounts = path.join(dir, "dev-accounts.json");
writeFileSync(accounts, JSON.stringify({ "ci@example.com": { name: "CI", roles: ["ci"], token: "pvs_test" } }));

async function closedPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await once(server.close(), "close");
  return port;
}

describe("settings", () => {
  test("name the variable that is missing", () => {
    expect(() => readSettings({})).toThrow(/PROVISO_URL is not set/);
    expect(() => readSettings({ PROVISO_URL: "http://127.0.0.1:1" })).toThrow(/DEV_ACCOUNTS_FILE is not set/);
  });

  test("keep the replay's files beside the accounts unless told otherwise", () => {
    const base = { PROVISO_URL: "http://127.0.0.1:1/", DEV_ACCOUNTS_FILE: accounts };
    expect(readSettings(base)).toMatchObject({ url: "http://127.0.0.1:1", dataDir: path.join(dir, "example") });
    expect(readSettings({ ...base, EXAMPLE_DIR: "/elsewhere" }).dataDir).toBe("/elsewhere");
  });

  test("say which role has no account", () => {
    const settings = readSettings({ PROVISO_URL: "http://127.0.0.1:1", DEV_ACCOUNTS_FILE: accounts });
    expect(settings.account("ci").email).toBe("ci@example.com");
    expect(() => settings.account("sre")).toThrow(/no account with the role sre/);
  });
});

describe("the command line", () => {
  test("tells an unreachable portal from a refusal, so that the example waits for the one only", async () => {
    const settings = readSettings({
      PROVISO_URL: `http://127.0.0.1:${await closedPort()}`,
      DEV_ACCOUNTS_FILE: accounts,
    });
    const failed = await proviso(settings, "ci", ["endpoint", "get", "flight-delays"]).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CommandFailed);
    expect(failed).toMatchObject({ code: 3, message: expect.stringMatching(/as ci@example.com.*Cannot reach/) });
  }, 30_000);
});
