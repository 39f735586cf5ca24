"use client";

import Link from "next/link";
import { useSearchParams, useSelectedLayoutSegment } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { RANGES } from "@/lib/monitoring/schema";
import { asRange } from "@/lib/monitoring/time-range";

/** The time range of the overview; it stands in the address, so it can be shared. The other views have windows of their own. */
export function RangePicker({ path }: { readonly path: string }) {
  const current = asRange(useSearchParams().get("range"));
  if (useSelectedLayoutSegment() !== null) return null;
  return (
    <nav aria-label="Time range" className="inline-flex overflow-hidden rounded-lg border border-line-strong bg-panel">
      {RANGES.map((range) => (
        <Link
          key={range}
          href={`${path}?range=${range}`}
          aria-current={range === current ? "page" : undefined}
          className={cn(
            "num border-l px-2.5 py-1.5 text-muted -outline-offset-2 first:border-l-0 hover:text-fg",
            range === current && "bg-unproven-soft font-medium text-fg",
          )}
        >
          {range}
        </Link>
      ))}
    </nav>
  );
}
