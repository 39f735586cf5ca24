/** What was measured of a clause over its window, in the clause's unit. */
export type Measurement = {
  readonly value: number | null;
  /** Ends of the 95 % interval; null: unbounded, or not measured. */
  readonly low: number | null;
  readonly high: number | null;
  /** Requests, or labelled rows. */
  readonly n: number;
  /** Half-open, milliseconds since 1970. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** What the clause's own clock shows. */
  readonly asOf: number | null;
  /** Why nothing can be claimed: no clock yet, no data, the endpoint does not answer. */
  readonly problem: string | null;
  /**
   * Broken whatever the number says: the probe gets no answer now (availability; `exhausted`: the time lost is more than the window's whole
   * error budget), or the last drill failed.
   */
  readonly outage: { readonly reason: string; readonly exhausted: boolean } | null;
  /** What else a reader must know: label coverage, rows left out. */
  readonly note: string | null;
};
