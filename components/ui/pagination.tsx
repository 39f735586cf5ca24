import { ChevronLeft, ChevronRight } from "lucide-react";
import { LinkButton } from "./link-button";

type Props = {
  /** "25 events" or "1 to 25 of 1,204". */
  readonly summary: string;
  /** The first page; absent on it. Cursors only go forward, so back is the start. */
  readonly firstHref?: string | undefined;
  readonly nextHref?: string | undefined;
};

/** The foot of a list that is paged on the server. */
export function Pagination({ summary, firstHref, nextHref }: Props) {
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-3 border-t px-4 py-2">
      <span className="text-sm text-muted">{summary}</span>
      <span className="flex gap-2">
        {firstHref && (
          <LinkButton size="sm" href={firstHref}>
            <ChevronLeft aria-hidden /> First page
          </LinkButton>
        )}
        {nextHref && (
          <LinkButton size="sm" href={nextHref} rel="next">
            Next page <ChevronRight aria-hidden />
          </LinkButton>
        )}
      </span>
    </nav>
  );
}
