import { TriangleAlert } from "lucide-react";

/** Nobody may take the one-machine set-up for a place where a signature means a person. */
export function DevelopmentBanner() {
  return (
    <aside
      aria-label="Development account"
      className="flex items-start gap-2 bg-risk-soft px-3.5 py-1 text-xs text-risk wide:px-7"
    >
      <TriangleAlert aria-hidden className="mt-0.75 size-3 shrink-0" />
      Development account: no password, and only on this machine.
    </aside>
  );
}
