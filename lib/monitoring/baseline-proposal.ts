import { z } from "zod";
import type { BaselinePayload } from "@/lib/monitoring/baseline";
import { compare, type Reference, type WindowCounts } from "@/lib/monitoring/drift";
import { total } from "@/lib/monitoring/two-sample";
import { exactText, text } from "@/lib/text";
import { DAY_MS, type Range } from "@/lib/time";

const reason = text({ min: 10, max: 2000, missing: "say why the change is wanted" });

/** The window becomes the reference: whole event days (UTC), the last one included. */
export const proposeBaselineInput = z
  .strictObject({ name: exactText({ max: 100 }), from: z.iso.date(), to: z.iso.date(), reason })
  .refine(({ from, to }) => from <= to, { error: "the last day is before the first", path: ["to"] })
  .refine(({ from, to }) => from > to || daysIn({ from, to }) % WEEK_DAYS === 0, {
    error: "take whole weeks: a reference of other days would call every weekday a change",
    path: ["to"],
  })
  .refine(({ from, to }) => daysIn({ from, to }) <= MOST_DAYS, { error: "at most half a year", path: ["to"] });

const WEEK_DAYS = 7;
const MOST_DAYS = 182;

export const decideBaselineInput = z.strictObject({
  name: exactText({ max: 100 }),
  id: z.coerce.number().int().positive(),
  decision: z.enum(["accept", "reject"]),
  comment: reason,
});

export const decidedBaseline = z.object({
  id: z.int(),
  endpoint: z.string(),
  state: z.enum(["proposed", "accepted", "rejected"]),
  /** Half-open. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  rows: z.int(),
  reason: z.string(),
  proposedBy: z.string(),
  decidedBy: z.string().nullable(),
});
export type DecidedBaseline = z.output<typeof decidedBaseline>;

function daysIn({ from, to }: { readonly from: string; readonly to: string }): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

/** The days as a half-open range of time. */
export function rangeOfDays({ from, to }: { readonly from: string; readonly to: string }): Range {
  return { from: Date.parse(from), to: Date.parse(to) + DAY_MS };
}

/** A reference of fewer rows than this would be noise itself. */
const LEAST_ROWS = 1000;

/**
 * The rows of a window as a reference: the same edges, so that what was binned before stays comparable, with the window's counts. Weekly
 * variation and calibrator are those of the training period: a window does not teach them. A text says why the window cannot be one.
 */
export function payloadOfWindow(reference: Reference, window: WindowCounts, range: Range): BaselinePayload | string {
  const compared = compare(reference, window);
  const rows = Math.max(0, ...(compared ?? []).map((each) => each.rows));
  if (!compared || rows < LEAST_ROWS) return `it holds ${rows} rows, a reference needs ${LEAST_ROWS}`;
  const empty = compared.find(({ column, current }) => column.kind !== "excluded" && total(current) === 0);
  if (empty) return `${empty.column.name} has no value in it`;
  return {
    ...reference.payload,
    columns: compared.map(({ column, current, missing }) =>
      column.kind === "excluded" ? column : { ...column, counts: [...current], missing },
    ),
    n: rows,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    edgesOf: reference.payload.edgesOf ?? reference.id,
  };
}
