import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { flightContract, fresh, infer, inferenceOf, servingEndpoint, signIn, visit } from "./product";

const slug = fresh("journey-pages");
const PAGES = [
  "/",
  "/use-cases",
  "/use-cases/new",
  `/use-cases/${slug}`,
  `/use-cases/${slug}/contract`,
  `/use-cases/${slug}/contract/1`,
  `/use-cases/${slug}/contract/new?archetype=real-time-decision`,
  `/use-cases/${slug}/plan`,
  `/use-cases/${slug}/promotions`,
  `/use-cases/${slug}/history`,
  "/models",
  `/models/${slug}`,
  `/models/${slug}/versions/1`,
  "/promotions",
  `/promotions/new?endpoint=${slug}&model=${slug}&version=1`,
  "/promotions/1",
  "/endpoints",
  "/endpoints/new",
  `/endpoints/${slug}?range=15m`,
  `/endpoints/${slug}/drift`,
  `/endpoints/${slug}/slo`,
  "/alerts",
  "/settings/alerts",
  "/settings/alerts/new",
  "/audit",
  "/settings",
  "/settings/clusters",
  "/settings/clusters/new",
  "/settings/system",
  "/no-such-page",
];

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  test.setTimeout(300_000);
  await servingEndpoint(slug, flightContract());
  const inference = await inferenceOf(slug);
  for (let n = 0; n < 50; n++) await infer(inference, { id: `pages-${n}` });
});

/** What the browser complains about: a blocked script or style is a page that does not work. */
function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !/status of 40[34]/.test(text)) found.push(`${page.url()}: ${text}`);
  });
  return found;
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`every page, ${colorScheme}: no axe violation, no complaint of the browser`, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const found = complaints(page);
    // Governance sees most: what is refused to it is a page too.
    await signIn(page, "governance");
    for (const path of ["/sign-in", ...PAGES]) {
      await visit(page, path);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      expect.soft(told, `${path} ${colorScheme}`).toEqual([]);
    }
    expect(found).toEqual([]);
    await context.close();
  });
}

test("every link on every page leads somewhere", async ({ page }) => {
  test.setTimeout(300_000);
  await signIn(page, "governance");
  const found = new Set<string>();
  for (const path of PAGES) {
    await visit(page, path);
    for (const link of await page.locator('a[href^="/"]').all()) {
      const href = await link.getAttribute("href");
      if (href) found.add(href);
    }
  }
  expect(found.size).toBeGreaterThan(30);
  for (const href of found) {
    const response = await page.request.get(href);
    expect.soft(response.status(), href).toBeLessThan(400);
  }
});

for (const width of [390, 800, 1920]) {
  test(`every page holds at ${width} px`, async ({ browser }) => {
    test.setTimeout(180_000);
    const context = await browser.newContext({ viewport: { width, height: 844 } });
    const page = await context.newPage();
    await signIn(page, "sre");
    for (const path of ["/sign-in", ...PAGES]) {
      await visit(page, path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
    await context.close();
  });
}
