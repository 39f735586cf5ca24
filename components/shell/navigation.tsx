"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";

const NOUNS = [
  { href: "/", label: "Home" },
  { href: "/use-cases", label: "Use cases" },
  { href: "/models", label: "Models" },
  { href: "/promotions", label: "Promotions" },
  { href: "/endpoints", label: "Endpoints" },
  { href: "/audit", label: "Audit" },
  { href: "/settings", label: "Settings" },
] as const;

type Props = {
  /** Promotions that wait for the caller. */
  readonly waiting: number;
};

/** One entry per noun: a column, or on a narrow screen a row that scrolls. */
export function Navigation({ waiting }: Props) {
  const pathname = usePathname();
  return (
    <nav aria-label="Main" className="-mx-1 overflow-x-auto p-1 [scrollbar-width:none] wide:overflow-visible">
      <ul className="flex gap-0.5 wide:flex-col">
        {NOUNS.map(({ href, label }) => {
          const on = href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={on ? "page" : undefined}
                className={cn(
                  "flex items-center justify-between gap-2 rounded-md px-2.5 py-1.5 whitespace-nowrap text-muted hover:text-fg",
                  on && "bg-unproven-soft font-medium text-fg",
                )}
              >
                {label}
                {href === "/promotions" && waiting > 0 && (
                  <span className="min-w-4.5 rounded-full bg-accent px-1.5 text-center text-2xs leading-4.25 font-medium text-panel">
                    {waiting}
                    <span className="sr-only"> waiting for you</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
