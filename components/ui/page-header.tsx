import Link from "next/link";
import type { ReactNode } from "react";

type Props = {
  /** From the noun down to this page; the last, this page, without an address. */
  readonly crumbs?: readonly { readonly label: string; readonly href?: string }[];
  readonly title: ReactNode;
  /** Beside the title: a `ClauseState`. */
  readonly state?: ReactNode;
  /** The small line under the title. */
  readonly note?: ReactNode;
  /** The one primary action last. */
  readonly actions?: ReactNode;
};

export function PageHeader({ crumbs = [], title, state, note, actions }: Props) {
  return (
    <header className="mb-3.5">
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumb" className="mb-1.5">
          <ol className="flex flex-wrap gap-1.5 text-sm text-muted">
            {crumbs.map(({ label, href }, index) => (
              <li key={label} className="flex gap-1.5">
                {index > 0 && <span aria-hidden>/</span>}
                {href ? (
                  <Link href={href} className="hover:text-fg hover:underline">
                    {label}
                  </Link>
                ) : (
                  <span aria-current="page">{label}</span>
                )}
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-5 gap-y-3">
        <div className="min-w-0 flex-[1_1_24rem]">
          <h1 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xl font-semibold tracking-[-0.015em] wrap-anywhere">
            {title} {state}
          </h1>
          {note && <div className="mt-0.75 text-muted wrap-anywhere">{note}</div>}
        </div>
        {actions && <div className="flex max-w-full shrink-0 flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  );
}
