import { formatDuration } from "@/lib/format";

/** What the synthetic probe last saw of an endpoint. Times in milliseconds since 1970. */
export type ProbeFacts = {
  readonly lastAt: number | null;
  readonly lastOkAt: number | null;
  /** Why the last failed probe failed. */
  readonly lastReason: string;
};

export type Liveness =
  | { readonly kind: "answers" }
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "silent"; readonly reason: string; readonly since: number };

/** The probe comes every five seconds; without a good answer for so long the endpoint counts as unavailable. */
export const PROBE_EVERY_MS = 5_000;
const PATIENCE_MS = 15_000;

/** Whether the endpoint answers at `now`. */
export function livenessOf(probe: ProbeFacts | null, now: number): Liveness {
  if (!probe || probe.lastAt === null || now - probe.lastAt > PATIENCE_MS + PROBE_EVERY_MS) {
    return { kind: "unknown", reason: "no probe has run for 20 seconds" };
  }
  if (probe.lastOkAt !== null && now - probe.lastOkAt <= PATIENCE_MS) return { kind: "answers" };
  const since = probe.lastOkAt ?? probe.lastAt;
  const how = probe.lastReason === "" ? "" : ` (${probe.lastReason})`;
  const length = probe.lastOkAt === null ? "" : ` for ${formatDuration(Math.floor((now - since) / 1000) * 1000)}`;
  return { kind: "silent", reason: `the probe got no good answer${length}${how}`, since };
}
