import { z } from "zod";

/** A price of the processor: money for one core during one hour. */
export type CorePrice = { readonly perCoreHour: number; readonly currency: string };

/** What a rate costs on the processor, all month long. `money` is null where no price is known. */
export const monthlyPrice = z.strictObject({
  /** Core-hours in a month of 730 hours: work done, not capacity reserved. */
  cpuCoreHours: z.number().min(0),
  money: z.strictObject({ amount: z.string(), currency: z.string() }).nullable(),
});
export type MonthlyPrice = z.output<typeof monthlyPrice>;

export const HOURS_PER_MONTH = 730;

/** The price of `perSecond` requests at `cpuSecondsPer1000`, every second of a month; null where the processor time is not known. */
export function monthlyPriceOf(
  perSecond: number,
  cpuSecondsPer1000: number | null,
  price: CorePrice | null,
): MonthlyPrice | null {
  if (cpuSecondsPer1000 === null) return null;
  const cpuCoreHours = (perSecond * cpuSecondsPer1000 * HOURS_PER_MONTH) / 1000;
  const money = price && { amount: (cpuCoreHours * price.perCoreHour).toFixed(2), currency: price.currency };
  return { cpuCoreHours, money };
}
