import { expect, test } from "@playwright/test";
import {
  api,
  createEndpoint,
  done,
  flightContract,
  fresh,
  infer,
  inferenceOf,
  ROW,
  registerModel,
  servingEndpoint,
  sign,
  signIn,
  submittedContract,
  visit,
} from "./product";

test("scientist: states a use case, drafts a contract, and is told what is wrong with it", async ({ page }) => {
  const slug = fresh("churn-alarm");
  await signIn(page, "scientist");
  await visit(page, "/use-cases/new");
  await page.getByRole("button", { name: "Create use case" }).click();
  await expect(page.getByText("Some fields need another look.")).toBeVisible();
  await page.getByLabel("Name").fill(slug.replaceAll("-", " "));
  await expect(page.getByLabel("Slug")).toHaveValue(slug);
  await page.getByLabel("Purpose").fill("Finds customers who will leave, so that somebody calls them in time.");
  await page.getByLabel("Team").fill("Retention");
  await page.getByLabel("Cost centre").fill("4711");
  await page.getByLabel("Owner").selectOption("owner@example.com");
  await page.getByRole("button", { name: "Create use case" }).click();
  await page.getByRole("link", { name: "Draft contract" }).click();
  await page.getByRole("link", { name: "Begin from Real-time decision" }).click();

  await page.getByLabel(/^Features, one a line/).fill("tenure integer 0..600\nvisits number 0..");
  const numbers = page.getByRole("region", { name: "Six numbers" });
  await numbers.getByLabel("Latency p95").fill("80");
  await numbers.getByLabel("Latency p99").fill("40");
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByRole("region", { name: "Submit for signature" })).toContainText(/p95.*above.*p99/);
  await expect(page.getByRole("button", { name: "Submit v1" })).toBeDisabled();

  await page.getByRole("link", { name: "Edit" }).first().click();
  await expect(numbers.getByLabel("Latency p99")).toHaveValue("40");
  await numbers.getByLabel("Latency p95").fill("20");
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByRole("button", { name: "Submit v1" }).click();
  await expect(page.getByRole("region", { name: "Signatures" })).toContainText("Governance");
  await expect(page.getByRole("button", { name: "Submit v1" })).toHaveCount(0);
});

test("scientist: cannot register a version, and sees the command that CI runs", async ({ page }) => {
  await signIn(page, "scientist");
  await visit(page, "/models");
  await expect(page.getByRole("button", { name: "Register a version" }).first()).toBeDisabled();
  await page.getByRole("button", { name: "How CI registers" }).first().click();
  await expect(page.getByText("Only CI registers versions")).toBeVisible();
  await expect(page.getByText(/proviso register --model/)).toBeVisible();
  const refused = await api("scientist", "POST", "/models/mine/versions", {});
  expect(refused.status).toBe(403);
  expect(String(refused.body.detail)).toContain("proviso register");
});

test("scientist: asks for a promotion with the gate in view, and does not decide it", async ({ page }) => {
  const slug = fresh("journey-scientist");
  const digest = await submittedContract(slug, flightContract());
  await sign(slug, digest, "owner", "sre", "governance");
  await createEndpoint(slug);
  await registerModel(slug);

  await signIn(page, "scientist");
  await visit(page, `/promotions/new?endpoint=${slug}&model=${slug}&version=1`);
  await expect(page.getByRole("heading", { name: /Gate/ })).toBeVisible();
  await expect(page.getByText("Pass").first()).toBeVisible();
  await page.getByLabel("Comment").fill("First version, evaluated on March.");
  await page.getByRole("button", { name: "Request promotion" }).click();
  await expect(page).toHaveURL(/\/promotions\/\d+$/);
  await expect(page.getByText("First version, evaluated on March.")).toBeVisible();
  await expect(page.getByText("You do not decide this")).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);

  const id = Number(new URL(page.url()).pathname.split("/").at(-1));
  const second = await api("scientist", "POST", "/promotions", {
    endpoint: slug,
    model: slug,
    version: 1,
    comment: "again",
  });
  expect(second.status).toBe(409);
  await done("scientist", "POST", `/promotions/${id}/withdraw`, {});
});

test("scientist: sees why a promise about drift is broken, and proposes retraining", async ({ page }) => {
  test.setTimeout(420_000);
  const slug = fresh("journey-drift");
  const drift = { consecutive: 1, minSamples: 500 };
  const document = flightContract({ drift_features: drift, drift_prediction: drift });
  const kept = ["latency_p99", "throughput", "drift_features", "drift_prediction"];
  const clauses = document.clauses.filter(({ id }) => kept.includes(id));
  await servingEndpoint(slug, { ...document, clauses }, "supplied");

  // Eight days of one flight again and again: nothing like the days of the reference.
  const inference = await inferenceOf(slug);
  const from = Date.UTC(2001, 4, 1);
  for (let day = 0; day < 8; day++) {
    const rows = 100;
    const at = Array.from({ length: rows }, (_, k) => from + day * 86_400_000 + k * 60_000);
    const body = {
      id: `day-${day}`,
      inputs: [{ name: "features", datatype: "FP32", shape: [rows, ROW.length], data: at.flatMap(() => ROW) }],
      parameters: { event_time: at.join(","), feature_time: at.map((ms) => ms - 60_000).join(",") },
    };
    expect((await infer(inference, body)).status).toBe(200);
  }
  await signIn(page, "scientist");
  await visit(page, `/use-cases/${slug}`);
  const promise = page.getByRole("row", { name: /Drifted features/ });
  await expect(promise).toContainText("Breached", { timeout: 60_000 });
  await promise.getByRole("link", { name: /Why/ }).click();
  await expect(page).toHaveURL(/\/drift#why-drift_features$/);
  const why = page.locator("#why-drift_features");
  await expect(why).toContainText("beyond its limit");
  await expect(page.getByText("Changed?", { exact: true }).first()).toBeVisible();
  await why.getByRole("button", { name: "Propose retraining" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Propose" }).click();
  await expect(dialog.getByText("say why, in a sentence")).toBeVisible();
  await dialog.getByLabel("Reason").fill("The flights of May are not those of winter.");
  await dialog.getByRole("button", { name: "Propose" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("The flights of May are not those of winter.")).toBeVisible();
  const { items } = await done("auditor", "GET", `/endpoints/${slug}/retraining-proposals`);
  expect(items).toMatchObject([{ clause: "drift_features", state: "open", clauseSays: { state: "breached" } }]);
});
