import type { ReactNode } from "react";
import { cn } from "./cn";

type Props = { readonly children: ReactNode; readonly className?: string };

/** Panels one under the other. */
export function Stack({ children, className }: Props) {
  return <div className={cn("grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-4", className)}>{children}</div>;
}

/** Two equal columns, one under the other where there is no room. */
export function Halves({ children, className }: Props) {
  return (
    <div
      className={cn(
        "grid min-w-0 grid-cols-[minmax(0,1fr)] items-start gap-4 aside:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]",
        className,
      )}
    >
      {children}
    </div>
  );
}

/** The main column with a narrow one at its right, below it where there is no room. */
export function WithAside({ children, aside }: { readonly children: ReactNode; readonly aside: ReactNode }) {
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] items-start gap-4 aside:grid-cols-[minmax(0,1fr)_20rem]">
      <Stack>{children}</Stack>
      <Stack>{aside}</Stack>
    </div>
  );
}
