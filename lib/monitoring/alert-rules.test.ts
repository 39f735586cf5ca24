import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exampleDocument } from "@/lib/contracts/test-document";
import {
  type AlertFacts,
  alertChanges,
  isFor,
  severityOf,
  silenceOf,
  undecidedKinds,
  wantedAlerts,
} from "@/lib/monitoring/alert-rules";
import { type BudgetPlan, budgetPlan } from "@/lib/monitoring/error-budget";

const now = Date.parse("2026-11-24T12:00:00Z");
const { clauses } = exampleDocument();
const plans = clauses.flatMap((clause) => budgetPlan(clause, now) ?? []);
const NONE = { n: 0, bad: 0, uncertain: 0 };

const REST: AlertFacts = {
  ...{ endpoint: "flights", useCase: "flights", environment: "production", contract: { id: "c", number: 3 } },
  clauses: clauses.map((clause) => ({ clause, reason: "kept", breach: null })),
  budgets: [],
  live: { kind: "answers" },
};

/** The same share of bad requests in every window. */
const burning = (plan: BudgetPlan, n: number, bad: number) => ({
  plan,
  counted: { whole: { n, bad, uncertain: 0 }, windows: plan.windows.map(() => ({ n, bad, uncertain: 0 })) },
});

describe("what should fire", () => {
  test("nothing fires at rest: not with kept promises, not without traffic, not where nothing serves", () => {
    expect(wantedAlerts(REST)).toEqual([]);
    const silent = plans.map((plan) => ({ plan, counted: { whole: NONE, windows: plan.windows.map(() => NONE) } }));
    expect(wantedAlerts({ ...REST, budgets: silent })).toEqual([]);
    const breached = REST.clauses.map((one) => ({ ...one, breach: { id: "b", openedAt: now } }));
    const down = { kind: "silent", reason: "no answer", since: now } as const;
    expect(wantedAlerts({ ...REST, contract: null, clauses: breached, live: down })).toEqual([]);
  });

  test("an open breach fires; what callers feel wakes somebody, what develops over days does not", () => {
    const found = wantedAlerts({
      ...REST,
      clauses: REST.clauses.map((one) => ({ ...one, breach: { id: "b", openedAt: now } })),
    });
    expect(found.map(({ clauseId }) => clauseId)).toEqual(clauses.map(({ id }) => id));
    for (const { clauseId, severity } of found) {
      const kind = clauses.find(({ id }) => id === clauseId)?.kind ?? "quality";
      expect(severity).toBe(severityOf(kind));
    }
    expect(severityOf("latency")).toBe("page");
    expect(severityOf("failure_mode")).toBe("page");
    expect(severityOf("quality")).toBe("ticket");
    expect(severityOf("drift")).toBe("ticket");
  });

  test("a burning budget is one alert per clause, as urgent as its most urgent window", () => {
    const plan = plans.find(({ clause }) => clause.kind === "availability");
    if (!plan) throw new Error("the example promises an availability");
    const total = 100_000;
    const bad = (times: number) => Math.ceil(times * plan.budget * total);
    const fired = (times: number) => wantedAlerts({ ...REST, budgets: [burning(plan, total, bad(times))] });
    expect(fired(0.5)).toEqual([]);
    expect(fired(2)).toMatchObject([{ kind: "burn_rate", severity: "ticket", clauseId: plan.clause.id }]);
    expect(fired(20)).toMatchObject([{ kind: "burn_rate", severity: "page" }]);
    expect(fired(20)[0]?.fingerprint).toBe(fired(2)[0]?.fingerprint);
    expect(fired(20)[0]?.summary).toMatch(/spend the error budget 20 times too fast/);
  });

  test("an endpoint that does not answer fires; of one that was not asked nothing is decided", () => {
    const silent = { kind: "silent", reason: "connection refused", since: now } as const;
    expect(wantedAlerts({ ...REST, live: silent })).toMatchObject([{ kind: "endpoint_down", severity: "page" }]);
    const unknown: AlertFacts = { ...REST, live: { kind: "unknown", reason: "no probe" } };
    expect(wantedAlerts(unknown)).toEqual([]);
    expect(undecidedKinds(unknown)).toEqual(["endpoint_down"]);
    expect(wantedAlerts({ ...REST, live: null })).toEqual([]);
  });
});

describe("from what fires to what should", () => {
  const wantedOf = (fingerprint: string, severity: "page" | "ticket" = "page") => ({
    ...{ fingerprint, severity, kind: "burn_rate" as const, clauseId: null, breachId: null, title: "t", summary: "s" },
    ...{ labels: { severity }, annotations: {} },
  });
  const firing = (fingerprint: string, age = 0, kind = "burn_rate", severity = "page") => ({
    ...{ id: `id-${fingerprint}`, fingerprint, kind, severity, lastSeenAt: now - age },
  });

  test("the same trouble is one alert, however often it is seen", () => {
    const { open, refresh, resolve } = alertChanges([firing("a")], [wantedOf("a"), wantedOf("b")], [], now);
    expect([open.map((o) => o.fingerprint), refresh.map((r) => r.stored.id), resolve]).toEqual([["b"], ["id-a"], []]);
  });

  test("a burn rate must be calm for a minute, a breach ends by its own hysteresis", () => {
    expect(alertChanges([firing("a", 59_000)], [], [], now).resolve).toEqual([]);
    expect(alertChanges([firing("a", 60_000)], [], [], now).resolve).toHaveLength(1);
    expect(alertChanges([firing("a", 0, "clause_breach")], [], [], now).resolve).toHaveLength(1);
  });

  test("of what nothing is known fires on", () => {
    const down = firing("a", 3_600_000, "endpoint_down");
    expect(alertChanges([down], [], ["endpoint_down"], now).resolve).toEqual([]);
  });

  test("an alert may become more urgent while it fires, never less", () => {
    const [more] = alertChanges([firing("a", 0, "burn_rate", "ticket")], [wantedOf("a", "page")], [], now).refresh;
    expect(more?.wanted.severity).toBe("page");
    const [less] = alertChanges([firing("a", 0, "burn_rate", "page")], [wantedOf("a", "ticket")], [], now).refresh;
    expect(less?.wanted).toMatchObject({ severity: "page", labels: { severity: "page" } });
  });

  test("every stored and every wanted alert ends in exactly one place", () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"));
    fc.assert(
      fc.property(names, names, (stored, wanted) => {
        const changes = alertChanges(
          stored.map((name) => firing(name, 120_000)),
          wanted.map((name) => wantedOf(name)),
          [],
          now,
        );
        const after = [...changes.open, ...changes.refresh.map((one) => one.wanted)].map((one) => one.fingerprint);
        expect(after.sort()).toEqual([...wanted].sort());
        expect(changes.resolve.map((one) => one.fingerprint).sort()).toEqual(
          stored.filter((name) => !wanted.includes(name)).sort(),
        );
      }),
    );
  });
});

test("a channel takes its own endpoint or all, and only pages if it says so", () => {
  const of = (severity: string, endpointId: string | null) => ({ severity, endpointId });
  expect(isFor(of("ticket", null), of("ticket", "e"))).toBe(true);
  expect(isFor(of("page", null), of("ticket", "e"))).toBe(false);
  expect(isFor(of("page", "e"), of("page", "e"))).toBe(true);
  expect(isFor(of("page", "other"), of("page", "e"))).toBe(false);
});

test("a silence covers its clause, or the whole endpoint, from its beginning to its end", () => {
  const at = (ms: number) => new Date(now + ms);
  const quiet = { clauseId: null, startsAt: at(-10), endsAt: at(10), endedAt: null };
  expect(silenceOf([quiet], "latency_p99", now)).toBe(quiet);
  expect(silenceOf([quiet], null, now + 10)).toBeUndefined();
  expect(silenceOf([{ ...quiet, endedAt: at(-5) }], null, now)).toBeUndefined();
  const ofClause = { ...quiet, clauseId: "latency_p99" };
  expect(silenceOf([ofClause], "latency_p99", now)).toBe(ofClause);
  expect(silenceOf([ofClause], "latency_p95", now)).toBeUndefined();
  expect(silenceOf([ofClause], null, now)).toBeUndefined();
});
