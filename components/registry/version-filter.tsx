import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { hrefWith } from "@/lib/query-string";
import type { VersionState } from "@/lib/registry/schema";

const CHOICES = [
  { state: undefined, word: "All" },
  { state: "ready", word: "Ready" },
  { state: "pending", word: "Being verified" },
  { state: "failed", word: "Failed" },
] as const;

/** Links that narrow the versions to one state: the filter is the address of the page. */
export function VersionFilter({ path, state }: { readonly path: string; readonly state: VersionState | undefined }) {
  return (
    <nav aria-label="State" className="flex flex-wrap gap-x-3">
      {CHOICES.map((choice) => (
        <Link
          key={choice.word}
          href={hrefWith(path, { state: choice.state })}
          aria-current={choice.state === state ? "page" : undefined}
          className={cn("hover:text-fg hover:underline", choice.state === state && "font-medium text-fg")}
        >
          {choice.word}
        </Link>
      ))}
    </nav>
  );
}
