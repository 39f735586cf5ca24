import { z } from "zod";

/** A 64-bit count as ClickHouse's JSON gives it. */
export const count = z.coerce.number();

/** ISO time of a DateTime64 in UTC to milliseconds; the epoch itself means "none" (the maximum over nothing). */
export const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .transform((at) => (at === 0 ? null : at));

/** A map of counts: keys and values side by side, in ascending order of the keys. */
export const histogram = z
  .tuple([z.array(count), z.array(count)])
  .transform(([bucket, counts]) => ({ bucket, count: counts }));
