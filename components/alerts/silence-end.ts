/** How long a silence may last, as a person chooses it; `until`: a time of their own. */
export const SILENCE_LENGTHS = [
  { value: "30", label: "30 minutes" },
  { value: "60", label: "1 hour" },
  { value: "240", label: "4 hours" },
  { value: "1440", label: "1 day" },
  { value: "10080", label: "7 days" },
  { value: "until", label: "Until a time…" },
] as const;

export type SilenceEnd = { readonly minutes: number } | { readonly endsAt: string };

/** `length` is one of `SILENCE_LENGTHS`, `until` the value of a `datetime-local` field, taken as UTC (2026-11-24T18:30). Null: no time. */
export function silenceEnd(length: string, until: string): SilenceEnd | null {
  if (length !== "until") return { minutes: Number(length) };
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(until)) return null;
  const at = Date.parse(`${until}:00Z`);
  return Number.isNaN(at) ? null : { endsAt: new Date(at).toISOString() };
}
