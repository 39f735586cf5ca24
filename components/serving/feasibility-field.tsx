"use client";

import { CircleAlert } from "lucide-react";
import { useFeasibleRange } from "./feasibility-context";

/** Under the field of a latency or a rate: which values a measured curve rules out, and a message where the typed one is among them. */
export function FeasibilityField({ clause }: { readonly clause: string }) {
  const range = useFeasibleRange(clause);
  if (!range) return null;
  const { out: isOut, verdict, side, bound, typed, end, words, of } = range;
  const share = (value: number) => `${Math.min(100, (100 * value) / end)}%`;
  const out =
    bound === null
      ? { left: 0, right: 0 }
      : side === "below"
        ? { left: 0, width: share(bound) }
        : { left: share(bound), right: 0 };
  return (
    <div className="mt-1 grid gap-1 text-sm">
      <div aria-hidden className="relative mt-0.5 h-2 max-w-64 rounded-sm border bg-met-soft">
        <span
          className="absolute inset-y-0 bg-[repeating-linear-gradient(135deg,var(--breach)_0_2px,var(--breach-soft)_2px_5px)]"
          style={out}
        />
        <span
          className="absolute -inset-y-1 w-1 -translate-x-1/2 rounded-full border border-panel bg-fg"
          style={{ left: share(typed) }}
        />
      </div>
      <p role="status" className={isOut ? "flex items-start gap-1.5 text-breach" : "text-muted"}>
        {isOut && <CircleAlert aria-hidden className="mt-0.75 size-3 shrink-0" />}
        <span>
          {isOut && (verdict === "infeasible" ? "Cannot be kept. " : "Not with these latencies. ")}
          {words} <span className="text-muted">{of}</span>
        </span>
      </p>
    </div>
  );
}
