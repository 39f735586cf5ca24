import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { api, fresh, signIn, visit } from "./product";

/** Nothing listens there; what is registered is looked at all the same. */
const KUBECONFIG = JSON.stringify({
  "current-context": "main",
  clusters: [{ name: "one", cluster: { server: "https://127.0.0.1:9" } }],
  contexts: [{ name: "main", context: { cluster: "one", user: "proviso" } }],
  users: [{ name: "proviso", user: { token: "a secret of the journey" } }],
});

test("clusters: an SRE adds one, is told why it cannot be reached, never sees its secret again, and removes it", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const name = fresh("journey");
  await signIn(page, "sre");
  await visit(page, "/settings/clusters/new");
  await page.getByRole("button", { name: "Add cluster" }).click();
  await expect(page.getByText("say its name").first()).toBeVisible();
  await page.getByLabel("Name", { exact: false }).first().fill(name);
  await page.getByLabel("Namespace", { exact: false }).first().fill("models");
  await page.getByLabel("Kubeconfig", { exact: false }).last().fill(KUBECONFIG);
  await page.getByRole("button", { name: "Add cluster" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/clusters/${name}$`));
  await expect(page.getByText(/connection refused|no answer|does not answer|cannot be reached/i).first()).toBeVisible({
    timeout: 90_000,
  });
  const shown = await api("sre", "GET", `/clusters/${name}`);
  expect(JSON.stringify(shown.body)).not.toContain("a secret of the journey");

  for (const path of ["/settings/clusters", `/settings/clusters/${name}`, `/settings/clusters/${name}/edit`]) {
    await visit(page, path);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      expect.soft(told, `${path} ${colorScheme}`).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(overflow, path).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  }

  await visit(page, `/settings/clusters/${name}`);
  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog").or(page.getByRole("alertdialog"));
  await dialog.getByLabel(/to confirm/).fill(name);
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page).toHaveURL(/\/settings\/clusters$/);
  expect((await api("sre", "GET", `/clusters/${name}`)).status).toBe(404);
});
