import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { RANGES } from "@/lib/monitoring/schema";

/** The time range of the page; it stands in the address, so it can be shared. */
export function RangePicker({ path, current }: { readonly path: string; readonly current: string }) {
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
