"use client";

import { useSyncExternalStore } from "react";
import { formatRelative, formatUtc } from "@/lib/format";

const TICK_MS = 5000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all times on the page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const currentTick = () => Math.floor(Date.now() / TICK_MS) * TICK_MS;

type Props = {
  /** Milliseconds since 1970, or ISO 8601. */
  readonly at: number | string;
  readonly className?: string;
};

/** "2 h ago", kept current; the exact UTC time on hover. */
export function RelativeTime({ at, className }: Props) {
  const ms = typeof at === "number" ? at : Date.parse(at);
  const now = useSyncExternalStore(subscribe, currentTick, currentTick);
  return (
    // Server and browser may read their clocks in different ticks.
    <time dateTime={new Date(ms).toISOString()} title={formatUtc(ms)} className={className} suppressHydrationWarning>
      {formatRelative(ms, now)}
    </time>
  );
}
