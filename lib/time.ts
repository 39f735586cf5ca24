/** A half-open range of time, in milliseconds since 1970 UTC. */
export type Range = { readonly from: number; readonly to: number };

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
