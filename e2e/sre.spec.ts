import { expect, test } from "@playwright/test";
import {
  done,
  flightContract,
  fresh,
  inferenceOf,
  promote,
  registerModel,
  servingEndpoint,
  sign,
  signIn,
  submittedContract,
  visit,
} from "./product";
import { alertReceiver, batches, singles } from "./traffic";

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

test("sre: is paged, sees on the incident what happened, rolls back, and is told that it is over", async ({ page }) => {
  test.setTimeout(600_000);
  const slug = fresh("journey-sre");
  const receiver = await alertReceiver();
  // Nothing but latency: the second version is slow when batches stand before single rows, which its load curve does not show.
  const kept = ["latency_p99", "throughput", "availability"];
  const document = flightContract({
    latency_p99: { target: 120, atRisk: 100, windowSeconds: 60, cadenceSeconds: 5, consecutive: 2, minSamples: 100 },
    throughput: { target: 20, atRisk: 16 },
  });
  await servingEndpoint(slug, { ...document, clauses: document.clauses.filter(({ id }) => kept.includes(id)) });
  await done("sre", "POST", "/alert-channels", {
    ...{ name: slug, kind: "webhook", url: receiver.url, secret: "a key of the journey", owner: "Journeys" },
    endpoint: slug,
  });
  await registerModel(slug, "v3");
  await promote(slug, 2);

  const inference = await inferenceOf(slug);
  const traffic = singles(inference);
  const flood = batches(inference);
  await signIn(page, "sre");
  await visit(page, `/use-cases/${slug}`);
  const p99 = page.getByRole("row", { name: /Latency p99/ });
  await expect(p99).toContainText("Breached", { timeout: 120_000 });
  await p99.getByRole("button", { name: /How Latency p99 is measured/ }).click();
  await expect(page.getByRole("heading", { name: /How Latency p99 is measured/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect.poll(() => receiver.events, { timeout: 60_000 }).toContain("firing");

  await visit(page, "/alerts");
  await page
    .getByRole("link", { name: /Latency p99/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/alerts\/[0-9a-f-]{36}$/);
  await expect(page.getByText(`${slug}-r2`).first()).toBeVisible();
  await page.getByRole("button", { name: "Acknowledge" }).click();
  await page.getByLabel("Comment").fill("On it.");
  await page.getByRole("dialog").getByRole("button", { name: "Acknowledge" }).click();
  await expect(page.getByText("On it.")).toBeVisible();

  await visit(page, `/endpoints/${slug}?range=15m`);
  await page.getByRole("button", { name: "Roll back…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why").fill("Batches stand before single rows.");
  await dialog.getByLabel(/to confirm/).fill(slug);
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await expect(dialog).toHaveCount(0, { timeout: 30_000 });
  await expect
    .poll(async () => ((await done("sre", "GET", `/endpoints/${slug}`)).observed as { serving: string }).serving)
    .toBe(`${slug}-r1`);
  // A machine that runs a whole product and a browser on few cores may be slow with the batches even on the first version.
  await flood.stop();
  // The window is a whole minute of the clock, so that the first without the second version may end two minutes from now.
  await expect.poll(() => receiver.events, { timeout: 300_000 }).toContain("resolved");
  const { failed, answered } = await traffic.stop();
  expect(answered).toBeGreaterThan(100);
  expect(failed).toEqual([]);
  receiver.close();

  await visit(page, `/endpoints/${slug}?range=15m`);
  await page.getByRole("button", { name: "Table" }).first().click();
  await expect(page.getByRole("table").first()).toBeVisible();
  const { items } = await done("auditor", "GET", "/audit/events?action=endpoint.rollback");
  expect((items as { subject: string }[]).some(({ subject }) => subject === slug)).toBe(true);
});
