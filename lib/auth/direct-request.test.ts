import { beforeAll, expect, test, vi } from "vitest";
import { isDirect } from "@/lib/auth/queries";

const SECRET = "a-secret-of-this-start";

beforeAll(() => {
  vi.stubEnv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
  vi.stubEnv("DEVELOPMENT_ACCOUNTS", "1");
  vi.stubEnv("DIRECT_SECRET", SECRET);
});

test("only the secret itself proves a direct request", () => {
  expect(isDirect(SECRET)).toBe(true);
  for (const header of [null, "", SECRET.slice(1), `${SECRET} `, SECRET.toUpperCase()])
    expect(isDirect(header)).toBe(false);
});

test("a forged header with as many characters but more bytes is refused, and no error", () => {
  expect(isDirect("\u00e9".repeat(SECRET.length))).toBe(false);
});
