import type { ReactNode } from "react";
import { cn } from "./cn";

type Props = {
  /** What it holds: its accessible name. */
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
};

/** A frame that scrolls by itself and can be reached and scrolled by keyboard. */
export function ScrollRegion({ label, children, className }: Props) {
  const scrolls = { tabIndex: 0 };
  return (
    <section aria-label={label} className={cn("min-w-0 overflow-auto -outline-offset-2", className)} {...scrolls}>
      {children}
    </section>
  );
}
