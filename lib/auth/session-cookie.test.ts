import { expect, test } from "vitest";
import { isOwnOrigin, sessionCookieName } from "@/lib/auth/session-cookie";

test("only the portal's own origin may send a form", () => {
  expect(isOwnOrigin("https://portal.example.com", "https://portal.example.com/")).toBe(true);
  for (const foreign of [
    "https://evil.example.com",
    "null",
    "https://portal.example.com:8443",
    "http://portal.example.com",
  ]) {
    expect(isOwnOrigin(foreign, "https://portal.example.com")).toBe(false);
  }
});

test("the names of loopback are one origin, per port", () => {
  expect(isOwnOrigin("http://localhost:3000", "http://127.0.0.1:3000")).toBe(true);
  expect(isOwnOrigin("http://localhost:3001", "http://127.0.0.1:3000")).toBe(false);
  expect(isOwnOrigin("http://localhost.evil.example:3000", "http://127.0.0.1:3000")).toBe(false);
});

test("over https the cookie is bound to the host", () => {
  expect(sessionCookieName("https://portal.example.com")).toMatch(/^__Host-/);
  expect(sessionCookieName("http://127.0.0.1:3000")).toBe("proviso.session");
});
