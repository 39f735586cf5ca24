import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { openLoad } from "./open-load";
import {
  approve,
  done,
  flightContract,
  fresh,
  inferenceOf,
  registerModel,
  requested,
  servingEndpoint,
  signIn,
  visit,
} from "./product";

/** Nothing but what both versions can keep on a busy machine: what tells them apart is what they predict. */
const CLAUSES = ["latency_p99", "throughput", "availability"];
const PER_SECOND = 16;
/** Beyond what chance and a good version make of the same flights, and far below what the degraded one does. */
const COMPARISON = { slowShare: 0.5, failedShare: 0.2, predictionShift: 0.15 };
const STEPS = [
  { percent: 50, minSeconds: 3, minSamples: 40 },
  { percent: 75, minSeconds: 3, minSamples: 40 },
];

type Event = { kind: string; at: string; samples: number; reason: string };
type Rollout = { state: string; reason: string; endedBy: string; events: Event[]; promotion: number };

test("rollout: a degraded version is taken back by a guard while callers notice nothing, and a good one takes over", async ({
  page,
}) => {
  test.setTimeout(600_000);
  await signIn(page, "sre");
  const slug = fresh("journey-rollout");
  const document = flightContract({
    latency_p99: { target: 800, atRisk: 700 },
    throughput: { target: 20, atRisk: 16 },
    availability: { target: 0.95, atRisk: 0.96 },
  });
  const clauses = document.clauses.filter(({ id }) => CLAUSES.includes(id));
  const rollout = { shadow: false, steps: STEPS, comparison: COMPARISON };
  // Callers of a machine under load are not to meet an open breaker.
  const failureMode = { ...(document.failureMode as Record<string, unknown>), breaker: null };
  await servingEndpoint(slug, { ...document, clauses, failureMode, rollout });
  await registerModel(slug, "v3");
  const newest = async () => (await done("sre", "GET", `/endpoints/${slug}/rollout`)).rollout as Rollout | null;
  const degraded = await requested(slug, 2);
  const load = openLoad(await inferenceOf(slug), PER_SECOND);
  await approve(degraded);
  await expect.poll(async () => (await newest())?.state, { timeout: 60_000 }).toBe("stepping");
  await visit(page, `/endpoints/${slug}/rollout`);
  const stages = page.getByRole("list", { name: `Stages of ${slug}-r2` });
  await expect(stages).toBeVisible();
  await expect.poll(() => load.answers.some(({ version }) => version === "2"), { timeout: 30_000 }).toBe(true);
  // Nobody reloads: the page follows by itself.
  await expect(page.getByText(`${slug}-r2 was rolled back`)).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("region", { name: /^Guards/ })).toContainText("Broken");
  await expect(page.getByRole("region", { name: "History" })).toContainText("Rolled back");

  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }

  const ended = await newest();
  expect(ended).toMatchObject({ state: "rolled_back", promotion: Number(degraded) });
  const end = ended?.events.find(({ kind }) => kind === "rolled_back");
  const theirs = load.answers.filter(({ version }) => version === "2");
  // The guard broke at this request at the latest; after the last one every request was answered by the other version.
  const broken = theirs[(end?.samples ?? 0) - 1];
  expect(broken).toBeDefined();
  expect((theirs.at(-1)?.at ?? Number.POSITIVE_INFINITY) - (broken?.at ?? 0)).toBeLessThan(10_000);
  await visit(page, `/promotions/${degraded}`);
  await expect(page.getByText("Rolled back").first()).toBeVisible();
  const { items } = await done("auditor", "GET", "/audit/events?action=rollout.roll_back");
  expect((items as { subject: string }[]).map(({ subject }) => subject)).toContain(slug);

  await registerModel(slug, "v2");
  const good = await requested(slug, 3);
  await approve(good);
  await visit(page, `/endpoints/${slug}/rollout`);
  await expect(page.getByText(`${slug}-r3 serves: every step was passed`)).toBeVisible({ timeout: 120_000 });
  const served = Date.now();
  await expect.poll(() => load.answers.some(({ at, version }) => at > served && version === "3")).toBe(true);
  await expect
    .poll(async () => (await done("sre", "GET", `/promotions/${good}`)).state, { timeout: 30_000 })
    .toBe("active");
  await load.stop();
  expect(load.failed).toEqual([]);
  const after = load.answers.filter(({ at }) => at > served + 2000);
  expect(new Set(after.map(({ version }) => version)).size).toBeLessThanOrEqual(1);
});
