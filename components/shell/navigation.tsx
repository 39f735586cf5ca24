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
  { href: "/alerts", label: "Alerts" },
  { href: "/audit", label: "Audit" },
  { href: "/settings", label: "Settings" },
] as const;

type Props = {
  /** Promotions that wait for the caller. */
  readonly waiting: number;
  /** Alerts that fire and that nobody has. */
  readonly unacknowledged: number;
};

/** One entry per noun: a column, or on a narrow screen a row that scrolls. */
export function Navigation({ waiting, unacknowledged }: Props) {
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
                {href === "/promotions" && <Count of={waiting} what="waiting for you" className="bg-accent" />}
                {href === "/alerts" && (
                  <Count of={unacknowledged} what="firing that nobody has" className="bg-breach" />
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

type CountProps = { readonly of: number; readonly what: string; readonly className: string };

function Count({ of, what, className }: CountProps) {
  if (of === 0) return null;
  return (
    <span
      className={cn(
        // The words that are only read out stay in the row that scrolls.
        "relative min-w-4.5 rounded-full px-1.5 text-center text-2xs leading-4.25 font-medium text-panel tabular-nums",
        className,
      )}
    >
      {of}
      <span className="sr-only"> {what}</span>
    </span>
  );
}
