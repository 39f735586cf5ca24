import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";
import { freePort } from "./embedded/free-port.mjs";

// Workers read this file again: what the first reading chose is in the environment.
process.env.E2E_PORT ??= String(await freePort());
/** Data folder of the product under test: its dev-accounts.json has the tokens. */
process.env.E2E_DATA_DIR ??= path.join(mkdtempSync(path.join(tmpdir(), "proviso-e2e-")), "data");

const url = `http://127.0.0.1:${process.env.E2E_PORT}`;
const debian = "/usr/bin/chromium";
const DEBIAN_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "e2e",
  // What lies in e2e/cluster is run by vitest.
  testMatch: "*.spec.ts",
  outputDir: "node_modules/.e2e-results",
  // One product, one story: journeys build on each other's accounts, and two cores carry one browser.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    baseURL: url,
    actionTimeout: 15_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: existsSync(debian) ? { executablePath: debian, args: DEBIAN_ARGS } : {},
  },
  webServer: {
    command: `node embedded/launch.mjs start --port ${process.env.E2E_PORT} --data-dir "${process.env.E2E_DATA_DIR}"`,
    url: `${url}/api/ready`,
    timeout: 600_000,
    // With E2E_PORT and E2E_DATA_DIR of a product that runs already, the journeys use that one.
    reuseExistingServer: true,
    stdout: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
  },
});
