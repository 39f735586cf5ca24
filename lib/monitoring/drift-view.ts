import { z } from "zod";
import { ledgerClause, percentilePoint, signedLine } from "@/lib/monitoring/schema";
import { exactText } from "@/lib/text";

/** What the page on drift and quality of an endpoint shows. Ratios and effects are 0 to 1; windows are half-open. */

export const getEndpointDriftInput = z.object({
  name: exactText({ max: 100 }),
  /** Newest event days of the charts. */
  days: z.coerce.number().int().min(7).max(120).default(60),
});

const count = z.number().int();
const instant = z.iso.datetime();
const ratio = z.number().nullable();

const histogramBar = z.object({
  /** The first of the bins that it joins. */
  bin: count,
  label: z.string(),
  /** Shares of the reference's and of the window's rows. */
  reference: z.number(),
  window: z.number(),
});

/** The score, or one feature. */
export const driftColumn = z.object({
  name: z.string(),
  /** Why it is not tested; null: it is. */
  untested: z.string().nullable(),
  /** Changed? Corrected over all features; null: not tested. */
  changed: z.boolean().nullable(),
  p: ratio,
  corrected: ratio,
  /** How much? D of numbers, total variation of categories, with its 95 % interval and limit. */
  effect: percentilePoint.nullable(),
  effectKind: z.enum(["D", "TV"]),
  limit: ratio,
  /** Changed, and beyond the limit. */
  beyond: z.boolean(),
  /** Does it matter? Nats of log loss lost when the feature is shuffled; null: not known. */
  importance: z.number().nullable(),
  /** importance x effect, in nats; null: either is not known. */
  weight: z.number().nullable(),
  /** Rows of the window without a value, with a value that the reference never had, outside of the declared range, of another type. */
  missing: ratio,
  missingReference: ratio,
  unseen: ratio,
  outOfRange: ratio,
  typeChanged: ratio,
  calendar: z.boolean(),
  histogram: z.array(histogramBar),
  /** Effect of the window that ends with each day; null: too few rows. */
  trend: z.array(z.object({ day: z.iso.date(), effect: z.number().nullable() })),
});
export type DriftColumn = z.output<typeof driftColumn>;

const performance = z.object({ auc: ratio, brier: ratio, logLoss: z.number().nullable(), accuracy: ratio, f1: ratio });

/** Seven event days that end with `day`, realised (of labelled rows) and estimated (of every row, without labels). */
export const qualityWindow = z.object({
  day: z.iso.date(),
  scored: count,
  labelled: count,
  realised: z.object({
    auc: percentilePoint.nullable(),
    brier: percentilePoint.nullable(),
    calibrationError: percentilePoint.nullable(),
    observedToExpected: z.number().nullable(),
  }),
  estimated: performance.nullable(),
  /** Labels of the window's last days are still due. */
  unfinished: z.boolean(),
});
export type QualityWindow = z.output<typeof qualityWindow>;

export const baselineView = z.object({
  id: count,
  /** The version's own, or accepted later for this endpoint. */
  kind: z.enum(["version", "accepted"]),
  version: count,
  from: instant,
  to: instant,
  n: count,
  weeks: count,
  calibrated: z.boolean(),
  importance: z.boolean(),
  acceptedBy: z.string().nullable(),
  reason: z.string().nullable(),
});
export type BaselineView = z.output<typeof baselineView>;

export const baselineProposal = z.object({
  id: count,
  from: instant,
  to: instant,
  n: count,
  reason: z.string(),
  proposedBy: z.string(),
  proposedById: z.string().nullable(),
  proposedAt: instant,
});
export type BaselineProposal = z.output<typeof baselineProposal>;

export const endpointDrift = z.object({
  endpoint: z.string(),
  revision: z.string().nullable(),
  version: z.object({ model: z.string(), number: count }).nullable(),
  /** Why there is nothing to compare with, else null. */
  notice: z.string().nullable(),
  baseline: baselineView.nullable(),
  proposals: z.array(baselineProposal),
  /** Whole event days that the columns are judged over; null: no rows yet. */
  window: z.object({ from: instant, to: instant, rows: count }).nullable(),
  /** The test of the contract's drift clause, or the default. */
  test: z.object({
    alpha: z.number(),
    correction: z.enum(["benjamini_hochberg", "bonferroni"]),
    learned: z.boolean(),
    floor: z.number(),
    factor: z.number(),
    signed: z.boolean(),
  }),
  signed: z.array(signedLine),
  prediction: driftColumn.nullable(),
  features: z.array(driftColumn),
  quality: z.object({
    windows: z.array(qualityWindow),
    labels: z.array(z.object({ day: z.iso.date(), scored: count, labelled: count, unfinished: z.boolean() })),
    /** Of the rows that are old enough: seconds until 95 of 100 had their label. */
    labelDelayP95: percentilePoint.nullable(),
    /** Calibration of the newest finished window: ten bins of equal count. */
    calibration: z.array(z.object({ n: count, observed: z.number(), expected: z.number() })),
    calibrationDay: z.iso.date().nullable(),
    /** Estimated at the reference itself, to compare with; null: no calibrator. */
    reference: performance.nullable(),
    limits: z.array(z.string()),
  }),
  /** Clauses of the event clock that are at risk or breached. */
  troubled: z.array(
    ledgerClause.pick({ id: true, name: true, kind: true, state: true, reason: true, since: true, value: true }),
  ),
});
export type EndpointDrift = z.output<typeof endpointDrift>;

export const getWhyInput = z.object({ name: exactText({ max: 100 }), clause: exactText({ max: 61 }) });

export const clauseWhy = z.object({
  clause: ledgerClause
    .pick({ id: true, name: true, kind: true, metric: true, state: true, reason: true, since: true })
    .extend({
      value: z.number().nullable(),
      target: z.number(),
      windowFrom: instant.nullable(),
      windowTo: instant.nullable(),
    }),
  features: z.array(
    z.object({
      feature: z.string(),
      effect: ratio,
      limit: ratio,
      beyond: z.boolean(),
      importance: z.number().nullable(),
      /** importance x effect as a share of all features'. */
      share: ratio,
    }),
  ),
  slices: z.array(
    z.object({
      feature: z.string(),
      part: z.string(),
      n: count,
      share: z.number(),
      observed: z.number(),
      expected: z.number(),
      gap: z.number(),
      low: z.number(),
      high: z.number(),
      by: z.enum(["gap", "brier"]),
      contribution: z.number(),
    }),
  ),
  /** What was changed here; `within`: while the window's rows came in. */
  changes: z.array(z.object({ at: instant, label: z.string(), within: z.boolean() })),
  steps: z.array(
    z.object({
      kind: z.enum(["look", "roll_back", "recalibrate", "retrain", "accept_reference", "amend"]),
      title: z.string(),
      text: z.string(),
      advised: z.boolean(),
    }),
  ),
  /** Event days proposed to learn from or to accept, half-open. */
  learnFrom: z.object({ from: z.iso.date(), to: z.iso.date() }).nullable(),
  /** What cannot be said and why. */
  missing: z.array(z.string()),
});
export type ClauseWhy = z.output<typeof clauseWhy>;
