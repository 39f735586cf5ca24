import { expect, test } from "@playwright/test";
import {
  done,
  flightContract,
  fresh,
  infer,
  inferenceOf,
  servingEndpoint,
  sign,
  signIn,
  submittedContract,
  visit,
} from "./product";

const quick = { cadenceSeconds: 5, consecutive: 2, minSamples: 100 };

test("sre: signs what can be kept", async ({ page }) => {
  const slug = fresh("journey-sre-signs");
  const digest = await submittedContract(slug, flightContract());
  await sign(slug, digest, "owner");
  await signIn(page, "sre");
  await visit(page, `/use-cases/${slug}/contract/1`);
  await page.getByRole("button", { name: "Sign as SRE" }).click();
  await expect(page.getByRole("button", { name: "Sign as SRE" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Signatures" })).toContainText("sre@example.com");
});

test("sre: watches the ledger; a promise that cannot be kept turns to Breached, with its reason", async ({ page }) => {
  test.setTimeout(240_000);
  const slug = fresh("journey-sre");
  const impossible = { ...quick, target: 0.011, atRisk: 0.01 };
  const p95 = { ...quick, target: 0.01, atRisk: 0.009 };
  await servingEndpoint(slug, flightContract({ latency_p95: p95, latency_p99: impossible }));

  await signIn(page, "sre");
  await visit(page, `/use-cases/${slug}`);
  const p99 = page.getByRole("row", { name: /Latency p99/ });
  await expect(p99).toContainText("Unproven", { timeout: 30_000 });

  const inference = await inferenceOf(slug);
  for (let n = 0; n < 400; n++) {
    const answer = await infer(inference, { id: `journey-${n}` });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  }
  await expect(p99).toContainText("Breached", { timeout: 90_000 });
  await p99.getByRole("button", { name: /How Latency p99 is measured/ }).click();
  await expect(page.getByRole("heading", { name: /How Latency p99 is measured/ })).toBeVisible();
  await page.keyboard.press("Escape");

  await visit(page, `/endpoints/${slug}?range=15m`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Breached");
  await page.getByRole("button", { name: "Table" }).first().click();
  await expect(page.getByRole("table").first()).toBeVisible();

  const { items } = await done("auditor", "GET", "/audit/events?action=clause.breach");
  expect((items as { subject: string }[]).some(({ subject }) => subject.includes(slug))).toBe(true);
});
