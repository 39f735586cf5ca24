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
  // A group and no landmark: the panel around it is one already, often of the same name.
  const reachable = { role: "group", tabIndex: 0, "aria-label": label };
  return (
    <div className={cn("min-w-0 overflow-auto -outline-offset-2", className)} {...reachable}>
      {children}
    </div>
  );
}
