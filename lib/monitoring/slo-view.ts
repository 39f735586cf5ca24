import { z } from "zod";
import { metric } from "@/lib/contracts/document";
import { clauseStateName, howMeasured } from "@/lib/monitoring/schema";
import { exactText } from "@/lib/text";

export const getEndpointSloInput = z.object({ name: exactText({ max: 100 }) });

const count = z.number().int();
const time = z.iso.datetime();
export const alertSeverity = z.enum(["page", "ticket"]);
export type AlertSeverity = z.output<typeof alertSeverity>;

/** How fast a budget burned in one window: 1 spends exactly what the clause allows. */
export const burnWindow = z.object({
  /** "1 h" */
  label: z.string(),
  seconds: count,
  /** Requests that count, and those that broke the promise. */
  n: count,
  bad: count,
  /** (bad / n) / budget; 0 without traffic. */
  burn: z.number(),
});
export type BurnWindow = z.output<typeof burnWindow>;

/** An alert on the burn rate, which looks at a long and a short window at once. */
export const burnAlert = z.object({
  severity: alertSeverity,
  /** Times the rate that would just spend the budget. */
  factor: z.number(),
  /** Share of the window's budget that is gone when it fires, if it burns steadily: 0.02. */
  spends: z.number(),
  longSeconds: count,
  shortSeconds: count,
  /** Failing share above which it fires: factor x budget. */
  threshold: z.number(),
  /** "fires when more than 14.4 % of requests in the last 1 h, and in the last 5 min, are slower than 25 ms (from 100 requests on)" */
  fires: z.string(),
  /** `armed`: it could fire and does not. `left_out`: it could never fire, or would fire although nothing is wrong; see `reason`. */
  state: z.enum(["armed", "firing", "left_out"]),
  reason: z.string().nullable(),
});
export type BurnAlertView = z.output<typeof burnAlert>;

export const errorBudget = z.object({
  clause: z.string(),
  kind: z.enum(["availability", "latency"]),
  metric,
  name: z.string(),
  /** Signed target in the clause's unit. */
  target: z.number(),
  unit: z.string(),
  /** Share of requests that must be good, and what that is called: 0.99, "99 of 100 requests are answered within 25 ms". */
  objective: z.number(),
  promise: z.string(),
  /** 1 - objective. */
  budget: z.number(),
  /** The clause's own window, as the ledger reads it. */
  window: z.object({ seconds: count, from: time, to: time }),
  n: count,
  bad: count,
  /** Latency: requests in the bucket (2.2 % wide) that holds the target; they count as kept. */
  uncertain: count,
  /** Failing share of the window now; null without traffic. */
  badRatio: z.number().nullable(),
  /** Of the budget: 1 untouched, 0 spent, below 0 overspent. Null: unproven, see `reason`. */
  left: z.number().nullable(),
  /** Why nothing is claimed: no traffic, too few requests. */
  reason: z.string().nullable(),
  /** When nothing is left if it burns on as in `exhaustion.window`; null: it would last for ever at that rate, or it is spent already. */
  exhaustion: z.object({ at: time, seconds: z.number(), burn: z.number(), window: z.string() }).nullable(),
  /** The same in words: "spent", "lasts at the present burn", "spent in 3.2 d at the present burn of 4.1x (last 1 h)". */
  outlook: z.string(),
  /** Widest last. */
  burns: z.array(burnWindow),
  alerts: z.array(burnAlert),
  /** Budget left of a window that ends at `at`, oldest first; the last is `left`. Null: no traffic: a gap. */
  points: z.array(z.object({ at: time, left: z.number().nullable() })),
  /** State of the clause in the ledger; null: not evaluated yet. */
  state: clauseStateName.nullable(),
  howMeasured,
});
export type ErrorBudget = z.output<typeof errorBudget>;

/** Clauses that count no failures of requests have no budget that could burn: their state alone alerts. */
export const withoutBudget = z.object({ clause: z.string(), name: z.string(), reason: z.string() });

export const endpointSlo = z.object({
  endpoint: z.string(),
  useCase: z.object({ slug: z.string(), name: z.string() }),
  /** Of the serving revision; null: nothing serves, so nothing is promised. */
  contract: z.object({ number: count, digest: z.string().nullable() }).nullable(),
  at: time,
  /** Worst first: the least budget left. */
  budgets: z.array(errorBudget),
  withoutBudget: z.array(withoutBudget),
  /** Firing alerts of this endpoint. */
  firing: count,
  /** Enabled channels that would be told of a page on this endpoint; 0 is worth a banner. */
  channels: count,
  /** Why there is nothing to show, else null. */
  notice: z.string().nullable(),
});
export type EndpointSlo = z.output<typeof endpointSlo>;

/** A PrometheusRule, as it is applied. */
export const prometheusRules = z.object({ endpoint: z.string(), yaml: z.string() });
