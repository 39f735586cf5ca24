import { expect, test } from "@playwright/test";
import {
  api,
  createEndpoint,
  done,
  flightContract,
  fresh,
  registerModel,
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
