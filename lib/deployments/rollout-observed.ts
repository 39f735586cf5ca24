import type { EndpointStatus } from "@/lib/inference/desired-state";
import type { CanaryShare, Observation } from "./rollout";

/** Older readings say nothing of now. */
const STALE_MS = 15_000;

export type CanaryWish = {
  readonly generation: number;
  readonly candidate: string;
  readonly share: CanaryShare;
};

/** What the target last said of a candidate, at `now`: ready only when it does exactly what is wanted at this generation. */
export function canaryOf(
  { generation, candidate, share }: CanaryWish,
  reading: { readonly status: EndpointStatus | null; readonly at: Date | null },
  now: number,
): Observation["canary"] {
  const waiting = (reason: string) => ({ kind: "waiting", reason }) as const;
  const { status, at } = reading;
  if (status === null || at === null) return waiting("the target has not reported the endpoint yet");
  const age = now - at.getTime();
  if (age > STALE_MS) return waiting(`the target has not been read for ${Math.round(age / 1000)} s`);
  if (status.generation !== generation) return waiting("the target has not taken on what is wanted yet");
  const canary = status.canary;
  if (!canary || canary.revision !== candidate) return waiting(`the target does not hold ${candidate} yet`);
  if (canary.state === "failed") {
    return { kind: "failed", reason: `The target cannot run ${candidate}: ${canary.reason ?? "no reason given"}` };
  }
  if (canary.state === "loading") return waiting(canary.reason ?? `${candidate} is loading`);
  if (canary.percent === share.percent && canary.shadow === share.shadow) return { kind: "ready" };
  return waiting(`${candidate} gets ${canary.percent} % and is to get ${share.percent} %`);
}
