import { expect, test } from "@playwright/test";
import {
  api,
  createEndpoint,
  done,
  flightContract,
  fresh,
  measured,
  registerModel,
  sign,
  signIn,
  submittedContract,
  visit,
} from "./product";

const slug = fresh("journey-governance");

test("governance: signs the digest that is shown, once; the third signature closes the contract", async ({ page }) => {
  const digest = await submittedContract(slug, flightContract());
  await sign(slug, digest, "owner", "sre");
  await signIn(page, "governance");
  await visit(page, `/use-cases/${slug}/contract/1`);
  await expect(page.getByText(digest).first()).toBeVisible();
  await page.getByLabel("Comment").fill("Read, with the plan.");
  await page.getByRole("button", { name: "Sign as Governance" }).click();
  await expect(page.getByText("Read, with the plan.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Sign as/ })).toHaveCount(0);

  const again = await api("governance", "POST", `/use-cases/${slug}/contracts/1/signatures`, { digest });
  expect(again).toMatchObject({ status: 403, body: { detail: expect.stringContaining("already") } });
  const edited = await api("scientist", "PUT", `/use-cases/${slug}/contracts/1`, {
    document: flightContract(),
    revision: 1,
  });
  expect([405, 409]).toContain(edited.status);
});

test("governance: decides on one page, one slot, and not twice", async ({ page }) => {
  test.setTimeout(300_000);
  await createEndpoint(slug);
  await registerModel(slug);
  const { id } = await done("scientist", "POST", "/promotions", {
    endpoint: slug,
    model: slug,
    version: 1,
    comment: "Please.",
  });

  // Nobody approves what was not measured yet; the portal does that by itself.
  const early = await done("governance", "GET", `/promotions/${id}`);
  const hasty = { decision: "approve", comment: "unseen", inputsDigest: early.inputsDigest };
  expect((await api("governance", "POST", `/promotions/${id}/decisions`, hasty)).status).toBeGreaterThanOrEqual(400);
  expect(await measured(id)).toEqual([]);

  await signIn(page, "governance");
  await visit(page, "/");
  await expect(page.getByRole("link", { name: new RegExp(slug) }).first()).toBeVisible();
  await visit(page, `/promotions/${id}`);
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("say what you checked")).toBeVisible();
  await page.getByLabel("Comment").fill("Evaluation and interface fit.");
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("Evaluation and interface fit.")).toBeVisible();

  const { inputsDigest } = await done("governance", "GET", `/promotions/${id}`);
  const body = { decision: "approve", comment: "again", inputsDigest };
  const twice = await api("governance", "POST", `/promotions/${id}/decisions`, body);
  expect([403, 409]).toContain(twice.status);
  const requester = await api("scientist", "POST", `/promotions/${id}/decisions`, body);
  expect(requester.status).toBe(403);
  const registrar = await api("ci", "POST", `/promotions/${id}/decisions`, body);
  expect(registrar.status).toBe(403);

  await done("validator", "POST", `/promotions/${id}/decisions`, body);
  await expect
    .poll(async () => (await done("sre", "GET", `/promotions/${id}`)).state, { timeout: 60_000 })
    .toBe("active");

  await visit(page, "/audit?action=promotion.decide");
  await expect(page.getByText("scientist@example.com").first()).toBeVisible();
});
