import Link from "next/link";
import { cn } from "./cn";

export type Tab = { readonly href: string; readonly label: string; readonly count?: number };

/** Views of one thing, each with its own address. `current` is the href of the shown one. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
}) {
  return (
    <nav aria-label={label} className="mb-4 overflow-x-auto border-b [scrollbar-width:none]">
      <ul className="flex gap-5">
        {tabs.map(({ href, label: text, count }) => {
          const on = href === current;
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={on ? "page" : undefined}
                className={cn(
                  "block border-b-2 border-transparent py-2 whitespace-nowrap text-muted -outline-offset-2 hover:text-fg",
                  on && "border-fg font-medium text-fg",
                )}
              >
                {text}
                {count !== undefined && <span className="num ml-1.5 text-xs text-muted">{count}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
